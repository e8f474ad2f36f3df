/// The page of the models, each with its card.
struct ModelsPage: Encodable {
  struct Model: Encodable {
    let anchor: String
    let name: String
    let facts: [FactView]
    let losses: Losses?
    let card: String?
  }

  /// The losses of its training, a drawing a part.
  struct Losses: Encodable {
    struct Drawing: Encodable {
      let name: String
      let chart: String
    }

    let steps: Int
    let drawings: [Drawing]

    init?(_ log: TrainingLog) {
      guard let steps = log.curves.compactMap(\.steps.last).max() else { return nil }
      self.steps = steps
      drawings = log.curves.map { Drawing(name: $0.name, chart: LossChart.drawing($0)) }
    }
  }

  let frame: PageFrame
  let models: [Model]

  init(frame: PageFrame, models: [ModelSnapshot]) {
    self.frame = frame
    self.models = models.enumerated().map { index, model in
      Model(
        anchor: "model-\(index + 1)", name: model.name,
        facts: [FactView(label: "Weights SHA-256", value: model.sha256)]
          + model.facts.map { FactView(label: $0.label, value: $0.value) },
        losses: model.training.flatMap(Losses.init), card: model.card.map(MarkdownText.html))
    }
  }
}

/// The page that explains every figure.
struct MethodsPage: Encodable {
  let frame: PageFrame
}
