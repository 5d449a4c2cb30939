import ArgumentParser

/// The one binary: daemon and tools.
@main
struct Siftd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "siftd",
        abstract: "A spam filter for Postfix and Sendmail that reads text with a neural network.",
        version: version,
        subcommands: [
            Serve.self, CheckConfig.self, DoctorCommand.self, Classify.self, Explain.self,
            Extract.self, Train.self,
            Evaluate.self, Learn.self, Retrain.self, Calibrate.self, Replay.self, Model.self,
            Store.self, Status.self, ManualCommand.self,
        ])

    static let version = "0.2.0"
}
