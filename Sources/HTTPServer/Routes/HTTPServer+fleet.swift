import Hummingbird

/// `/v1/fleet`: the hosts that share a model.
extension HTTPServer {
    func addFleetRoute(to router: Router<HTTPContext>) {
        router.get("/v1/fleet") { _, _ in
            guard let fleet = parts.fleet else {
                throw Problem(
                    .notImplemented,
                    "this host shares its model with no other: set store.url (docs/fleet.md)")
            }
            return try Response.json(fleet())
        }
    }
}
