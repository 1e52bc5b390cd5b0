def run(options, folder):
    return 0
