import DeltaLake

/// The examples of README.md and of the guides, word for word: that they compile and run is their test.
enum DocumentationExamples {
  static func readme() async throws {
    struct Ride: Decodable {
      var city: String?
      var km: Double
    }

    let table = try DeltaTable("Fixtures/tables/events")
    let snapshot = try await table.snapshot(asOf: .version(3))  // or .timestamp(…), or the newest

    let scan = try snapshot.scan().select(["city", "km"]).where { $0.km > 170 }
    for try await batch in scan.batches() {
      print(batch.rowCount)  // columns in Arrow's memory layout
    }
    for try await ride in scan.rows(as: Ride.self) {
      print(ride.city ?? "somewhere", ride.km)
    }
  }

  static func overview() async throws {
    let table = try DeltaTable("Fixtures/tables/orders")
    let snapshot = try await table.snapshot()
    print(snapshot.version, snapshot.schema.fields.map(\.name))
  }

  static func guide() async throws {
    let table = try DeltaTable("Fixtures/tables/orders")
    let newest = try await table.snapshot()
    let first = try await table.snapshot(asOf: .version(0))
    _ = first

    let scan = try newest.scan()
      .select(["id", "amount"])
      .where { $0.amount > 20 }
      .limit(100)

    for try await batch in scan.batches() {
      guard let amounts = batch["amount"] else { continue }
      print(batch.rowCount, amounts.nullCount)
    }

    let explanation = try await scan.plan().explain()
    print(explanation.totals.planned.bytes, "of", explanation.totals.bytes)
    for file in explanation.files {
      guard let refutation = file.refutation else { continue }
      print(file.path, refutation.evidence, refutation.clause?.description ?? "")
    }
  }
}
