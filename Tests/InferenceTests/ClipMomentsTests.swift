import Testing

@testable import Inference

@Suite struct ClipMomentsTests {
  @Test func `Each second is looked at in its middle`() {
    #expect(ClipMoments(duration: 3, frameRate: 1).times == [0.5, 1.5, 2.5])
    #expect(ClipMoments(duration: 1.5, frameRate: 2).times == [0.25, 0.75, 1.25])
  }

  @Test(arguments: [(2.4, 2), (2.5, 3), (9.98, 10), (10.02, 10), (0.5, 1)])
  func `A last piece counts from half a second`(duration: Double, count: Int) {
    let moments = ClipMoments(duration: duration, frameRate: 1)
    #expect(moments.times.count == count)
    #expect(moments.times.allSatisfy { $0 <= duration })
  }

  @Test(arguments: [0, 0.04, 0.49]) func `The shortest clip has one moment`(duration: Double) {
    let moments = ClipMoments(duration: duration, frameRate: 1)
    #expect(moments.times == [duration / 2])
  }

  @Test func `The model listens to the second around the moment`() {
    let moments = ClipMoments(duration: 2, frameRate: 4)
    #expect(moments.second(at: 0) == -0.375)
    #expect(moments.second(at: 7) == 1.375)
  }
}
