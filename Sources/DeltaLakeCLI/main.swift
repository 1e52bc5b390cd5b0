print("deltalake")
