import Annotations
import Evaluation
import Foundation
import ReportSite
import SyntheticData

/// The same clips as a site for Hugo: for each a bundle with what its page is filled with and the
/// files that lie beside the page, and a template that writes the same page.
///
/// Hugo is given what avu computes on the way: texts of all figures, drawings, sentences cut in
/// pieces. Lists, dashboards and the index are left out.
struct HugoSite {
  let folder: String

  /// avu's site of the same clips, from which the files beside the pages are taken.
  let own: String

  /// The folder with avu's assets.
  let assets: String

  /// Writes configuration, templates and a bundle for each clip.
  func write(_ made: SyntheticCollection) throws {
    try? FileManager.default.removeItem(atPath: folder)
    for (name, content) in [
      "config.json": Self.configuration, "layouts/_default/single.html": Self.single,
      "layouts/index.html": Self.list, "layouts/_default/list.html": Self.list,
    ] {
      try write(content, to: name)
    }
    let records = MadeUpRecords(made: made)
    let data = try ClipPageData(records.snapshot, records.snapshot.collections[0], assets: assets)
    for clip in 0..<made.count {
      let id = made.id(clip).text
      let view = try data.view(of: records.report(clip), at: clip)
      try write(
        "{\"title\": \"\(id)\", \"view\": \(view)}\n", to: "content/clips/\(id)/index.md")
      for file in ["index.json", "captions.vtt"] {
        let source = "\(own)/collections/\(MadeUpRecords.collection)/clips/\(id)/\(file)"
        guard FileManager.default.fileExists(atPath: source) else { continue }
        try FileManager.default.copyItem(
          atPath: source, toPath: "\(folder)/content/clips/\(id)/\(file)")
      }
    }
  }

  private func write(_ content: String, to name: String) throws {
    let file = URL(filePath: folder + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: file)
  }

  // MARK: Templates

  private static let configuration = """
    {"baseURL": "http://localhost/", "title": "avu", "disableKinds": ["taxonomy", "term", "RSS", "sitemap"]}
    """

  private static let single = """
    <!DOCTYPE html>
    {{- $v := .Params.view }}{{ $f := $v.frame }}
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>{{ $f.title }}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="{{ $f.stylesheet }}">
    <link rel="alternate" type="application/json" href="{{ $f.twin }}">
    <script src="{{ $f.script }}" defer></script>
    </head>
    <body>
    <a class="skip" href="#main">Skip to content</a>
    <header class="top">
    <nav class="where" aria-label="Where you are">
    <ol class="crumbs">
    <li><a class="brand" href="{{ $f.root }}index.html"><svg class="mark" viewBox="0 0 32 24" aria-hidden="true"><circle class="mark-model" cx="12" cy="12" r="10"/><circle class="mark-truth" cx="20" cy="12" r="9"/></svg><bdi>{{ $f.sitetitle }}</bdi></a></li>
    {{ range $f.crumbs }}<li>{{ if .href }}<a href="{{ .href }}"><bdi>{{ .label }}</bdi></a>{{ else }}<span aria-current="page"><bdi>{{ .label }}</bdi></span>{{ end }}</li>
    {{ end }}</ol>
    </nav>
    <nav aria-label="Site">
    <ul class="site-nav">
    <li><a href="{{ $f.root }}clips.html">Clips</a></li>
    <li><a href="{{ $f.root }}results.html">Results</a></li>
    <li><a href="{{ $f.root }}models.html">Models</a></li>
    <li><a href="{{ $f.root }}queue.html">Queue</a></li>
    <li><a href="{{ $f.root }}methods.html">Methods</a></li>
    </ul>
    </nav>
    <button type="button" class="theme js-only" id="theme" hidden>Dark</button>
    </header>
    <main id="main" tabindex="-1">
    <div class="title">
    <h1><bdi>{{ $v.id }}</bdi></h1>
    <p class="badges"><span class="state {{ $v.state }}">{{ $v.state }}</span>{{ with $v.category }} <span class="tag"><bdi>{{ . }}</bdi></span>{{ end }}</p>
    <nav class="neighbours" id="neighbours" aria-label="Other clips">
    <span class="quiet" id="neighbours-place"></span>
    {{ with $v.previous }}<a id="previous" rel="prev" href="{{ .address }}"><span aria-hidden="true">←</span> <span class="visually-hidden">Previous clip:</span> <bdi>{{ .id }}</bdi></a>{{ end }}
    {{ with $v.next }}<a id="next" rel="next" href="{{ .address }}"><span class="visually-hidden">Next clip:</span> <bdi>{{ .id }}</bdi> <span aria-hidden="true">→</span></a>{{ end }}
    </nav>
    </div>
    {{ with $v.failure }}<section class="failure"><h2>{{ .kind }}</h2><p><bdi>{{ .reason }}</bdi></p><p>{{ .advice }}</p></section>{{ end }}
    {{- if $v.iswaiting }}<p class="notice">This clip waits for its analysis. Build the site again when the queue is empty.</p>{{ end }}
    {{- with $v.problem }}<p class="notice"><bdi>{{ . }}</bdi></p>{{ end }}
    <div class="watch">
    <div class="watch-main">
    {{ with $v.timeline }}<section class="timeline" id="timeline" aria-label="Timeline">
    <div class="lane frames js-only" id="frames" hidden><label class="lane-label" for="scrub">Frame</label><div class="lane-box"><input type="range" id="scrub" min="0" max="{{ .lastframe }}" value="0" step="1"></div></div>
    {{ range .lanes }}<div class="lane {{ .kind }}"><span class="lane-label">{{ .label }}</span><div class="lane-box">{{ with .chart }}{{ safeHTML . }}{{ end }}</div></div>
    {{ end }}<div class="lane axis"><span class="lane-label"></span><div class="lane-clock">{{ safeHTML .axis }}</div></div>
    </section>{{ end }}
    </div>
    <div class="watch-side">
    {{ with $v.findings }}<section class="panel findings" aria-labelledby="findings">
    <h2 id="findings">Is it right?</h2>
    {{ range .verdicts }}<p class="verdict {{ .tone }}">{{ .words }}</p>
    {{ end }}{{ with .headline }}<p class="quiet"><a href="#figures">{{ . }}</a></p>{{ end }}
    <ol>
    {{ range .worst }}<li><span class="clock">{{ .clock }}</span> <bdi>{{ .words }}</bdi></li>
    {{ end }}</ol>
    {{ with .more }}<p class="quiet">{{ . }}</p>{{ end }}
    </section>{{ end }}
    {{ with $v.objects }}<section class="panel" aria-labelledby="objects">
    <h2 id="objects">What sounds</h2>
    <ul class="kinds" id="kinds">
    {{ range .kinds }}<li><label><input type="checkbox" class="js-only" data-ink="{{ .ink }}" checked hidden><i class="ink ink-{{ .ink }}"></i><bdi>{{ .name }}</bdi></label> <span class="quiet">{{ .span }} · {{ .moments }} × · {{ .covered }} of the picture · certainty {{ .certainty }}</span></li>
    {{ end }}</ul>
    </section>{{ end }}
    {{ with $v.transcript }}<section class="panel sentences" aria-labelledby="sentences">
    <h2 id="sentences">Sentences</h2>
    {{ if .hasreferences }}<p class="quiet">Underlined: not what people wrote, or not in that place.</p>{{ end }}
    <ol>
    {{ range .cues }}<li data-time="{{ .seconds }}" data-end="{{ .end }}"><span class="clock">{{ .clock }}</span> <span><bdi>{{ range .pieces }}{{ if .differs }}<mark>{{ .text }}</mark>{{ else }}{{ .text }}{{ end }} {{ end }}</bdi>{{ range .references }}<span class="reference"><bdi>{{ . }}</bdi></span>{{ end }}</span></li>
    {{ end }}</ol>
    </section>{{ end }}
    </div>
    </div>
    {{ if $v.hasfigures }}<section aria-labelledby="figures">
    <h2 id="figures">Figures</h2>
    <p class="quiet">{{ $v.basis }}. <a href="{{ $f.root }}methods.html">What the figures mean</a></p>
    <dl class="tiles">
    {{ range $v.figures }}<div class="tile"><dt>{{ .label }}</dt><dd><span class="figure">{{ .value }}</span>{{ with .detail }}<span class="detail">{{ . }}</span>{{ end }}{{ with .chart }}{{ safeHTML . }}{{ end }}</dd></div>
    {{ end }}</dl>
    <details><summary>All figures</summary>
    <table class="narrow">
    <caption>All figures</caption>
    <thead><tr><th scope="col">Figure</th><th scope="col" class="number">Value</th><th scope="col" class="number">95 %</th></tr></thead>
    <tbody>
    {{ range $v.allfigures }}<tr><th scope="row">{{ .label }}</th><td class="number">{{ .value }}</td><td class="number">{{ with .detail }}{{ . }}{{ else }}–{{ end }}</td></tr>
    {{ end }}</tbody>
    </table>
    </details>
    </section>{{ end }}
    {{ if $v.hasmoments }}<section aria-labelledby="moments">
    <h2 id="moments">Moment by moment</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Moments">
    <table class="moments copyable">
    <caption>What the model says at each looked-at moment, and how it compares with the truth</caption>
    <thead><tr><th scope="col">Time</th><th scope="col">Model</th><th scope="col" class="number">Certainty</th><th scope="col" class="number">Area</th><th scope="col">Truth</th><th scope="col" class="number">IoU</th><th scope="col" class="number">F-score</th><th scope="col">Category</th><th scope="col">Sentence, and what people wrote</th></tr></thead>
    <tbody>
    {{ range $v.moments }}<tr data-time="{{ .seconds }}"{{ if .isProblem }} class="problem"{{ end }}>
    <th scope="row">{{ .clock }}</th>
    <td>{{ .predicted }}</td><td class="number">{{ .certainty }}</td><td class="number">{{ .covered }}</td><td>{{ .truth }}</td><td class="number">{{ .iou }}</td><td class="number">{{ .fScore }}</td>
    <td><bdi>{{ .kind }}</bdi>{{ range .objects }}<span class="part"><bdi>{{ .category }}</bdi> {{ .covered }}, {{ .certainty }}</span>{{ end }}</td>
    <td class="sentence"><bdi>{{ .sentence }}</bdi>{{ range .references }}<span class="reference"><bdi>{{ . }}</bdi></span>{{ end }}</td>
    </tr>
    {{ end }}</tbody>
    </table>
    </div>
    </section>{{ end }}
    <div class="columns">
    {{ if $v.hasprovenance }}<section aria-labelledby="provenance">
    <h2 id="provenance">Where this comes from</h2>
    <dl class="facts">
    {{ range $v.provenance }}<div><dt>{{ .label }}</dt><dd><bdi>{{ .value }}</bdi></dd></div>
    {{ end }}</dl>
    </section>{{ end }}
    <section aria-labelledby="downloads">
    <h2 id="downloads">Downloads</h2>
    <ul class="downloads">
    {{ range $v.downloads }}<li><a href="{{ .href }}" download>{{ .label }}</a> <span class="quiet">{{ .detail }}</span></li>
    {{ end }}</ul>
    <p class="visually-hidden" id="export-status" role="status"></p>
    </section>
    </div>
    </main>
    <footer class="foot">
    <p>Made by {{ $f.software }}. <a href="{{ $f.twin }}">This page as JSON</a></p>
    </footer>
    </body>
    </html>
    """

  private static let list = """
    <!DOCTYPE html>
    <title>{{ .Title }}</title><ul>{{ range first 200 .Site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
    """
}
