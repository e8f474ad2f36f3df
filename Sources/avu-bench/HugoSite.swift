import Annotations
import Evaluation
import Foundation
import SyntheticData

/// The same clips as a site for Hugo: a file of facts for each, and templates for the same pages.
struct HugoSite {
  let folder: String

  private struct Moment: Encodable {
    let time: String
    let model: String
    let certainty: String
    let truth: String
    let iou: String
    let fScore: String
    let category: String
    let sentence: String
    let reference: String
  }

  private struct Fact: Encodable {
    let label: String
    let value: String
  }

  private struct Page: Encodable {
    let title: String
    let state: String
    let category: String
    let figures: [Fact]
    let moments: [Moment]
    let facts: [Fact]
  }

  /// Writes configuration, templates and a file for each clip.
  func write(_ made: SyntheticCollection) throws {
    try? FileManager.default.removeItem(atPath: folder)
    let files = [
      "config.json": Self.configuration, "layouts/_default/baseof.html": Self.base,
      "layouts/_default/single.html": Self.single, "layouts/_default/list.html": Self.list,
      "layouts/index.html": Self.list,
    ]
    for (name, content) in files { try write(Data(content.utf8), to: name) }
    let encoder = JSONEncoder()
    for clip in 0..<made.count {
      let page = try encoder.encode(Self.page(made, clip))
      try write(page + Data("\n".utf8), to: "content/clips/\(made.id(clip).text).md")
    }
  }

  private func write(_ content: Data, to name: String) throws {
    let file = URL(filePath: folder + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try content.write(to: file)
  }

  private static func page(_ made: SyntheticCollection, _ clip: Int) -> Page {
    let (prediction, score, truth) = (made.prediction(clip), made.score(clip), made.truth(clip))
    let text = { (value: Double?) in value.map { String(format: "%.3f", $0) } ?? "–" }
    let moments = (prediction?.frames ?? []).enumerated().map { index, frame in
      Moment(
        time: text(frame.time), model: frame.sounding ? "sounds" : "silent",
        certainty: text(frame.score), truth: truth.sounding[index] ? "sounds" : "nothing",
        iou: text(score?.frames[index].iou), fScore: text(score?.frames[index].fScore),
        category: frame.category ?? "–", sentence: frame.caption,
        reference: truth.captions[index].first ?? "")
    }
    let figures = score.map { MadeUpRecords.figures($0).values } ?? [:]
    return Page(
      title: made.id(clip).text, state: "\(made.state(clip))", category: made.category(clip),
      figures: figures.sorted { $0.key < $1.key }
        .map { Fact(label: $0.key, value: text($0.value.value)) }, moments: moments,
      facts: [
        Fact(label: "Model", value: SyntheticCollection.model.name),
        Fact(label: "Weights", value: SyntheticCollection.model.sha256),
        Fact(label: "Video", value: made.sha256(clip)), Fact(label: "Frame rate", value: "25"),
        Fact(label: "Length", value: "\(made.frames) s"),
        Fact(label: "Time of the model", value: text(prediction?.timings.modelSeconds)),
      ])
  }

  // MARK: Templates

  private static let configuration = """
    {"baseURL": "http://localhost/", "title": "avu", "disableKinds": ["taxonomy", "term", "RSS", "sitemap"]}
    """

  private static let base = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>{{ .Title }}</title><link rel="stylesheet" href="/site.css"></head>
    <body><a class="skip" href="#main">Skip to content</a>
    <header class="top"><nav><ol class="crumbs"><li><a href="/">{{ .Site.Title }}</a></li>
    <li><span>{{ .Title }}</span></li></ol></nav></header>
    <main id="main">{{ block "main" . }}{{ end }}</main>
    <footer class="foot"><p>Made by Hugo.</p></footer></body></html>
    """

  private static let single = """
    {{ define "main" }}
    <div class="title"><h1>{{ .Title }}</h1><p class="badges"><span class="state">{{ .Params.state }}</span>
    <span class="tag">{{ .Params.category }}</span></p>
    <nav class="neighbours">{{ with .PrevInSection }}<a rel="prev" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
    {{ with .NextInSection }}<a rel="next" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav></div>
    <section class="panel sentences"><h2>What is said</h2><ol>
    {{ range .Params.moments }}{{ with .sentence }}<li><span class="clock">{{ $.Title }}</span> <bdi>{{ . }}</bdi></li>{{ end }}{{ end }}
    </ol></section>
    <section><h2 id="figures">Figures</h2><dl class="tiles">
    {{ range .Params.figures }}<div class="tile"><dt>{{ .label }}</dt><dd><span class="figure">{{ .value }}</span></dd></div>{{ end }}
    </dl><table><caption>All figures</caption><thead><tr><th>Figure</th><th>Value</th></tr></thead><tbody>
    {{ range .Params.figures }}<tr><th scope="row">{{ .label }}</th><td>{{ .value }}</td></tr>{{ end }}
    </tbody></table></section>
    <section><h2 id="moments">Moment by moment</h2><table class="moments"><caption>What the model says</caption>
    <thead><tr><th>Time</th><th>Model</th><th>Certainty</th><th>Truth</th><th>IoU</th><th>F-score</th><th>Category</th><th>Sentence</th></tr></thead><tbody>
    {{ range .Params.moments }}<tr data-time="{{ .time }}"><th scope="row"><span class="seek">{{ .time }}</span></th>
    <td>{{ .model }}</td><td class="number">{{ .certainty }}</td><td>{{ .truth }}</td><td class="number">{{ .iou }}</td>
    <td class="number">{{ .fScore }}</td><td><bdi>{{ .category }}</bdi></td><td class="sentence"><bdi>{{ .sentence }}</bdi>
    {{ with .reference }}<bdi class="reference">{{ . }}</bdi>{{ end }}</td></tr>{{ end }}
    </tbody></table></section>
    <section><h2 id="provenance">Where this comes from</h2><dl class="facts">
    {{ range .Params.facts }}<div><dt>{{ .label }}</dt><dd><bdi>{{ .value }}</bdi></dd></div>{{ end }}
    </dl></section>
    {{ end }}
    """

  private static let list = """
    {{ define "main" }}<h1>{{ .Title }}</h1><ul>
    {{ range first 200 .Site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}
    </ul>{{ end }}
    """
}
