import TensorCore
import TensorNN

/// One token for each level of the category tree: data set, group and class (MoHE).
///
/// What sounds is not known but estimated: a level's token is the mean of its kinds' tokens,
/// weighted by the scores of the categories.
struct HierarchicalPrompts: Sendable {
  private let dataset: Tensor
  private let groups: Tensor
  private let classes: Tensor

  /// 1 where a category belongs to a group: [categories, groups].
  private let tree: Tensor

  init(_ weights: Weights, _ configuration: ModelConfiguration) throws(WeightsError) {
    let width = configuration.sizes.width
    let kinds = configuration.categories.map(\.group)
    let names = Set(kinds.compactMap(\.self)).sorted()
    dataset = try weights.tensor("dataset", [1, width])
    groups = try weights.tensor("groups", [names.count, width])
    classes = try weights.tensor("classes", [kinds.count, width])
    tree = Tensor(
      shape: [kinds.count, names.count],
      values: kinds.flatMap { kind in names.map { $0 == kind ? 1 : 0 } })
  }

  /// Logits of categories [1, categories] → [1, 3·D].
  func callAsFunction(_ categories: Tensor) -> Tensor {
    let scores = categories.map(sigmoid)
    let sum = scores.values.reduce(0, +) + 1e-6
    let shares = scores.map { $0 / sum }
    return .joinedColumns([
      dataset, shares.product(tree).product(groups), shares.product(classes),
    ])
  }
}

/// Feed-forward layers whose results are mixed; the state and the prompts say how (MoHE).
struct MixtureOfExperts: Sendable {
  private let experts: [FeedForward]
  private let gate: Linear

  init(_ weights: Weights, _ width: Int, experts count: Int) throws(WeightsError) {
    var experts: [FeedForward] = []
    for index in 0..<count {
      experts.append(try FeedForward(weights["experts"][index], width, 2 * width, width))
    }
    self.experts = experts
    gate = try Linear(weights["gate"], 4 * width, count)
  }

  /// States of words [words, D] and prompts [words, 3·D] → [words, D].
  func callAsFunction(_ x: Tensor, _ prompts: Tensor) -> Tensor {
    var shares = gate(.joinedColumns([x, prompts]))
    shares.softmax()
    var mixed = Tensor(zeros: x.shape)
    for (index, expert) in experts.enumerated() {
      let said = expert(x)
      mixed.add(
        Tensor(
          shape: x.shape,
          values: said.values.indices.map { place in
            said.values[place] * shares.values[place / x.width * experts.count + index]
          }))
    }
    return mixed
  }
}
