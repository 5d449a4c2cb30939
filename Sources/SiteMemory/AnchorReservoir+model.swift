import Models
import SiteLearning
import TextFeatures

extension AnchorReservoir {
    /// Makes anchors of base mail, with the logits of the model in force.
    ///
    /// - Parameters:
    ///   - reservoir: base mail; messages of other labels than ham and spam are left out.
    ///   - model: in force; without the pipeline `TextPipelineSpec.standard` there are no anchors.
    ///   - secret: the site's.
    public init(_ reservoir: Reservoir, model: ScoringModel, secret: SiteSecret) {
        guard model.pipeline.spec.hasTokens(of: .standard), model.filtersSpam else {
            self.init()
            return
        }
        let messages = reservoir.messages.lazy.filter { $0.label == "ham" || $0.label == "spam" }
        self.init(
            messages.prefix(AnchorReservoir.recommendedCount).map { message in
                let ids = model.pipeline.ids(of: message.tokens, in: model.vocabulary)
                return Anchor(
                    features: SiteFeatures(
                        tokens: message.tokens, sender: SenderIdentity(), secret: secret),
                    label: message.label == "spam" ? .spam : .ham,
                    logit: Float(model.spamLogit(model.score(ids).logits)))
            })
    }
}
