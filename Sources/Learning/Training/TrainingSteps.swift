/// How far a run is that trains several networks one after the other.
struct TrainingSteps {
    /// Seconds since the run began.
    let clock: () -> Double
    /// Networks that the run trains.
    let networks: Int
    /// Networks that are trained.
    var done = 0

    /// The share of the run that is over, given the share of the current network's training.
    func fraction(_ part: Double) -> Double { (Double(done) + part) / Double(max(networks, 1)) }
}
