import Annotations
import Foundation
import Testing

struct AnnotationDocumentTests {
  private static let truthText = """
    {"id": "dog", "category": "dog barking", "frame_times": [0.5, 1.5, 2.5],
     "sounding": [true, true, false], "captions": ["The dog barks.", ["A dog.", "One dog."], null],
     "notes": "n", "uncertain": [false], "sources": [["dog"]], "frame_size": [4, 3]}
    """

  @Test func `an annotation with unknown keys and all kinds of captions is read`() throws {
    let truth = try AnnotationDocument.truth(from: Data(Self.truthText.utf8), file: "a.json")
    #expect(truth.id.text == "dog")
    #expect(truth.captions == [["The dog barks."], ["A dog.", "One dog."], []])
    #expect(truth.frameTimes == [0.5, 1.5, 2.5])
    #expect(truth.masks == nil)
  }

  @Test func `ground truth with masks comes back from JSON as it was`() throws {
    var truth = try AnnotationDocument.truth(from: Data(Self.truthText.utf8), file: "a.json")
    let mask = RunLengthMask(BinaryMask(width: 2, height: 2, pixels: [1, 0, 0, 1]))
    truth.masks = [mask, nil, mask]
    let data = try JSONEncoder().encode(truth)
    #expect(try AnnotationDocument.truth(from: data, file: "b.json") == truth)
  }

  @Test func `an annotation without captions has none at every moment`() throws {
    let text = #"{"id": "a", "frame_times": [0.5, 1.5], "sounding": [true, false]}"#
    let truth = try AnnotationDocument.truth(from: Data(text.utf8), file: "a.json")
    #expect(truth.captions == [[], []])
  }

  @Test(arguments: [
    ("", "not JSON"),
    ("[1, 2", "not JSON"),
    (#"{"id": "a"}"#, "frame_times"),
    (#"{"id": "../a", "frame_times": [], "sounding": [], "captions": []}"#, "../a"),
    (#"{"id": "a", "frame_times": ["x"], "sounding": [true]}"#, "frame_times"),
    (#"{"id": "a", "frame_times": [NaN], "sounding": [true]}"#, "not JSON"),
    (#"{"id": "a", "frame_times": [1e999], "sounding": [true]}"#, "a.json"),
    (#"{"id": "a", "frame_times": [1, 1], "sounding": [true, true]}"#, "time 1"),
    (#"{"id": "a", "frame_times": [2, 1], "sounding": [true, true]}"#, "time 1"),
    (#"{"id": "a", "frame_times": [-1], "sounding": [true]}"#, "time 0"),
    (#"{"id": "a", "frame_times": [1, 2], "sounding": [true]}"#, "sounding"),
    (#"{"id": "a", "frame_times": [1], "sounding": [true], "captions": []}"#, "captions"),
    (#"{"id": "a", "frame_times": [1], "sounding": [true], "captions": [7]}"#, "captions"),
  ])
  func `a wrong annotation is refused with the file and the reason`(
    _ text: String, _ reason: String
  ) throws {
    let error = try #require(throws: AnnotationError.self) {
      try AnnotationDocument.truth(from: Data(text.utf8), file: "a.json")
    }
    #expect(error.description.contains("a.json"))
    #expect(error.description.contains(reason))
    #expect(error.description.hasSuffix("."))
  }

  private static let predictionText = """
    {"format": 1, "clip": {"id": "dog", "sha256": "0", "duration": 2, "fps": 25, "width": 2,
     "height": 2, "later": 1}, "model": {"name": "m", "sha256": "1", "task": "ssu"},
     "frames": [{"index": 0, "time": 0.5, "sounding": true, "score": 0.9,
     "mask": {"size": [2, 2], "counts": "04"}, "caption": "The dog barks.", "category": "dog barking",
     "objects": [{"category": "dog barking", "score": 0.9, "mask": {"size": [2, 2], "counts": "04"}}]}],
     "timings": {"decode_s": 0.1, "model_s": 0.2, "total_s": 0.3}}
    """

  @Test func `a prediction is read and comes back from JSON as it was`() throws {
    let prediction = try AnnotationDocument.prediction(
      from: Data(Self.predictionText.utf8), file: "p.json")
    #expect(prediction.frames[0].mask.counts == "04")
    #expect(prediction.timings.totalSeconds == 0.3)
    let data = try JSONEncoder().encode(prediction)
    #expect(try AnnotationDocument.prediction(from: data, file: "p.json") == prediction)
  }

  @Test func `a prediction of a later format is refused`() {
    let text = Self.predictionText.replacingOccurrences(of: #""format": 1"#, with: #""format": 2"#)
    #expect(throws: AnnotationError.unsupportedFormat(file: "p.json", format: 2)) {
      try AnnotationDocument.prediction(from: Data(text.utf8), file: "p.json")
    }
  }

  @Test func `a prediction with a corrupt mask is refused with the frame`() throws {
    let text = Self.predictionText.replacingOccurrences(of: #""04""#, with: #""05""#)
    let error = try #require(throws: AnnotationError.self) {
      try AnnotationDocument.prediction(from: Data(text.utf8), file: "p.json")
    }
    #expect(error.description.contains("p.json"))
    #expect(error.description.contains("frame 0"))
  }
}
