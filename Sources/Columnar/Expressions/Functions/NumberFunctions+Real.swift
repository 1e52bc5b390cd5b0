#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension FunctionTable {
  /// Functions of doubles. Where Java has NaN there is NaN; where Spark has null there is null.
  static let realFunctions: [FunctionRule] = [
    real("cbrt") { cubeRoot($0) }, real("expm1") { expm1($0) }, real("log1p") { $0 > -1 ? log1p($0) : nil },
    real("sin") { sin($0) }, real("cos") { cos($0) }, real("tan") { tan($0) }, real("asin") { asin($0) },
    real("acos") { acos($0) }, real("atan") { atan($0) }, real("sinh") { sinh($0) }, real("cosh") { cosh($0) },
    real("tanh") { tanh($0) }, real("degrees") { $0 * 180 / .pi }, real("radians") { $0 * .pi / 180 },
    real("rint") { $0.rounded(.toNearestOrEven) },
    FunctionRule("atan2", [], of: [.double, .double], gives: .double) { columns, _, type in
      ArithmeticKernel.plain(Double.self, type, columns[0], columns[1]) { atan2($0, $1) } ?? columns[0]
    },
    FunctionRule("hypot", [], of: [.double, .double], gives: .double) { columns, _, type in
      ArithmeticKernel.plain(Double.self, type, columns[0], columns[1]) { hypot($0, $1) } ?? columns[0]
    },
    // With one argument the natural one, with two that of the second to the base of the first.
    FunctionRule("log", [], 1...2) { arguments throws(ExpressionError) in
      .init(
        parameters: arguments.map { _ in .double }, result: .double,
        body: .columns { columns, count, type throws(ColumnError) in
          guard columns.count > 1 else {
            return columns[0].mapped(Double.self, to: type, placeholder: Double(0)) {
              $0 > 0 ? naturalLogarithm($0) : nil
            }
          }
          return ArithmeticKernel.checked(Double.self, type, Double(0), columns[0], columns[1]) { base, value in
            base > 0 && value > 0 ? naturalLogarithm(value) / naturalLogarithm(base) : nil
          } ?? columns[0]
        })
    },
    FunctionRule("nanvl", [], of: [.double, .double], gives: .double) { columns, count, type throws(ColumnError) in
      let isNumber = columns[0].tested(Double.self) { !$0.isNaN }
      return try Evaluation.choose(
        [isNumber.union(columns[0].nullBits)], columns.map { Operand($0) }, count: count, type)
    },
    constant("pi", .pi), constant("e", 2.718281828459045),
  ]

  private static func real(_ name: String, _ body: @escaping @Sendable (Double) -> Double?) -> FunctionRule {
    FunctionRule(name, [], of: .double, gives: .double) { column, type in
      column.mapped(Double.self, to: type, placeholder: Double(0)) { body($0) }
    }
  }

  private static func constant(_ name: String, _ value: Double) -> FunctionRule {
    FunctionRule(name, [], 0...0) { _ throws(ExpressionError) in
      .init(
        parameters: [], result: .double,
        body: .columns { _, count, _ in Column(doubles: [Double](repeating: value, count: count)) })
    }
  }

  /// One step of Newton's behind the library's, so that cubes have whole roots as in Java.
  private static func cubeRoot(_ value: Double) -> Double {
    let root = cbrt(value)
    let step = (root * root * root - value) / (3 * root * root)
    return step.isFinite ? root - step : root
  }

  private static func naturalLogarithm(_ value: Double) -> Double { log(value) }
}
