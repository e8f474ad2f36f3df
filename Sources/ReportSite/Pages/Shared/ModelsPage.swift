/// The page of the models, each with its card.
struct ModelsPage: Encodable {
  struct Model: Encodable {
    let anchor: String
    let name: String
    let facts: [FactView]
    let card: String?
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
        card: model.card.map(MarkdownText.html))
    }
  }
}

/// The page that explains every figure.
struct MethodsPage: Encodable {
  let frame: PageFrame
}
