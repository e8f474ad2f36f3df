import Annotations

/// What is around the pages of one site.
struct PageFrames: Sendable {
  let siteTitle: String
  let software: String
  let generated: MomentView
  let assets: SiteAssets

  init(_ snapshot: SiteSnapshot, _ assets: SiteAssets) {
    siteTitle = snapshot.title
    software = snapshot.softwareVersion
    generated = MomentView(snapshot.generatedAt)
    self.assets = assets
  }

  /// Around the first page.
  var index: PageFrame {
    frame(title: siteTitle, root: "", crumbs: [], twin: SiteFolder.marker, isDated: true)
  }

  /// Around a collection's page, or a further part of its list.
  func collection(_ name: String, twin: String = "index.json") -> PageFrame {
    frame(
      title: name, root: "../../", crumbs: [.init(label: name, href: nil)],
      twin: twin)
  }

  /// Around a clip's page.
  func clip(_ clip: ClipID, of collection: String) -> PageFrame {
    frame(
      title: "\(clip.text) – \(collection)", root: "../../../../",
      crumbs: [
        .init(label: collection, href: "../../index.html"), .init(label: clip.text, href: nil),
      ], twin: "index.json")
  }

  /// Everything that the frames of clips' pages depend on, apart from the clip.
  var inputs: [String] {
    [siteTitle, software, assets.stylesheet, assets.script]
  }

  /// Around another page.
  ///
  /// - Parameters:
  ///   - title: Its title.
  ///   - root: From its folder to the site's.
  ///   - crumbs: The steps from the first page to it.
  ///   - twin: Its JSON twin.
  ///   - isDated: Whether it tells when the snapshot was taken; a page that does not stays as it is
  ///     for as long as what it shows does.
  /// - Returns: The frame.
  func frame(
    title: String, root: String, crumbs: [PageFrame.Crumb], twin: String, isDated: Bool = false
  ) -> PageFrame {
    PageFrame(
      title: title, root: root, stylesheet: root + assets.stylesheet,
      script: root + assets.script, siteTitle: siteTitle,
      software: software, generated: isDated ? generated : nil, crumbs: crumbs, twin: twin)
  }
}
