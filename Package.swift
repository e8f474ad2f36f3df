// swift-tools-version: 6.1
import PackageDescription

// What every target is compiled with: the strict half of Swift's upcoming features.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let serviceLifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let swiftCSV = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// Dependencies point down only; a forbidden import does not compile.
let package = Package(
  name: "avu",
  products: [.executable(name: "avu", targets: ["avu"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // 6  programs: the only place where parts are put together
    .executableTarget(
      name: "avu",
      dependencies: [
        "Workers", "Jobs", "JobsPostgres", "Postgres", "ResultStore", "ReportSite", "Experiments",
        "Datasets", "Evaluation", "SentenceMetrics", "Inference", "AVUModel", "TensorCore", "Media",
        "Annotations", argumentParser, flyingFox, logging,
        serviceLifecycle, yams,
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "avu-bench",
      dependencies: [
        "AVUModel", "Evaluation", "TensorCore", "Media", "Annotations", "ReportSite",
        "SyntheticData", "SyntheticStore", "Jobs", "JobsPostgres", "Postgres", argumentParser,
        logging,
      ],
      swiftSettings: settings),
    // 5  handlers: one per kind of job; numerics and storage meet here first
    .target(
      name: "Workers",
      dependencies: [
        "Jobs", "Inference", "Evaluation", "ReportSite", "ResultStore", "Postgres", "Media",
        "Annotations", logging, subprocess, swiftCSV,
      ],
      swiftSettings: settings),
    // 4  pipeline
    .target(
      name: "Inference", dependencies: ["AVUModel", "TensorCore", "Media", "Annotations"],
      swiftSettings: settings),
    // 3  model
    .target(name: "AVUModel", dependencies: ["TensorNN"], swiftSettings: settings),
    // 2  one up
    .target(name: "TensorNN", dependencies: ["TensorCore"], swiftSettings: settings),
    .target(
      name: "JobsPostgres", dependencies: ["Jobs", "Postgres", logging], swiftSettings: settings),
    .target(
      name: "ResultStore", dependencies: ["Annotations", "Postgres"], swiftSettings: settings),
    .target(
      name: "Evaluation",
      dependencies: ["SentenceMetrics", "Streaming", "Annotations", "Media"],
      swiftSettings: settings),
    .target(name: "SentenceMetrics", dependencies: ["Streaming"], swiftSettings: settings),
    .target(
      name: "Datasets", dependencies: ["Evaluation", "Annotations", "Media"],
      swiftSettings: settings),
    .target(
      name: "Experiments",
      dependencies: ["Evaluation", "Streaming", "Annotations", "Media", yams],
      swiftSettings: settings),
    .target(
      name: "ReportSite",
      dependencies: [
        "Annotations", "Evaluation", "SentenceMetrics", "Experiments", "Media", "CCMark", "CZlib",
        mustache,
      ],
      swiftSettings: settings),
    // Made-up collections, for timings and tests.
    .target(
      name: "SyntheticData", dependencies: ["Annotations", "Evaluation"], swiftSettings: settings),
    .target(
      name: "SyntheticStore",
      dependencies: ["SyntheticData", "Workers", "ResultStore", "Jobs", "Postgres", "Annotations"],
      swiftSettings: settings),
    // 1  leaves
    .target(name: "TensorCore", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: settings),
    .target(name: "Annotations", swiftSettings: settings),
    .target(name: "Streaming", swiftSettings: settings),
    .target(name: "Media", dependencies: ["CLibAV", "CPNG"], swiftSettings: settings),
    .target(name: "Postgres", dependencies: ["CPostgres", logging], swiftSettings: settings),
    .target(name: "Jobs", dependencies: [logging], swiftSettings: settings),
    // 0  C
    .target(name: "CKernels"),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"])]),
    .systemLibrary(
      name: "CLibAV", pkgConfig: "libavformat",
      providers: [.apt(["libavformat-dev", "libswscale-dev", "libswresample-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
  ]
)

// Real servers and schemas for tests.
package.targets.append(
  .target(
    name: "TestSupport", dependencies: ["Postgres"], path: "Tests/TestSupport",
    swiftSettings: settings))

// One test target beside each target.
let testDependencies: [String: [Target.Dependency]] = [
  "Annotations": [],
  "TensorCore": ["CKernels"],
  "Media": [],
  "Postgres": ["TestSupport"],
  "Jobs": [],
  "TensorNN": ["TensorCore"],
  "JobsPostgres": ["Jobs", "Postgres", "TestSupport"],
  "ResultStore": ["Annotations", "Postgres", "TestSupport"],
  "Streaming": [],
  "SentenceMetrics": ["Streaming"],
  "Evaluation": ["SentenceMetrics", "Streaming", "Annotations", "Media"],
  "Datasets": ["Annotations", "Evaluation", "Media"],
  "Experiments": ["Annotations", "Evaluation"],
  "ReportSite": ["Annotations", "Evaluation", "Experiments", "Media", "SyntheticData"],
  "AVUModel": ["TensorNN", "TensorCore"],
  "Inference": ["AVUModel", "Annotations", "Media"],
  "Workers": [
    "Jobs", "JobsPostgres", "Postgres", "ResultStore", "Annotations", "Inference", "Evaluation",
    "ReportSite", "SyntheticData", "SyntheticStore", "TestSupport",
  ],
]
// What tests read themselves, or hand to another program.
let testFiles = [
  "AVUModel": ["Goldens"], "Evaluation": ["Goldens"], "SentenceMetrics": ["Goldens"],
  "ReportSite": ["Browser"],
]
package.targets += testDependencies.sorted { $0.key < $1.key }.map { name, more in
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.target(name: name)] + more,
    exclude: testFiles[name] ?? [],
    swiftSettings: settings)
}
package.targets.append(
  .testTarget(
    name: "CommandTests",
    dependencies: ["Annotations", "Media", "Postgres", "TestSupport", subprocess],
    swiftSettings: settings))
