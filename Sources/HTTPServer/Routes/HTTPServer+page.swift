import Foundation
import Hummingbird

/// The page and the description of the API, which are files in Resources, embedded in the binary.
extension HTTPServer {
    func addPageRoutes(to router: Router<HTTPContext>) {
        let files: [(path: RouterPath, type: String, bytes: [UInt8])] = [
            ("/", "text/html; charset=utf-8", PackageResources.page_html),
            ("/page.css", "text/css; charset=utf-8", PackageResources.page_css),
            ("/page.js", "text/javascript; charset=utf-8", PackageResources.page_js),
            ("/openapi.json", "application/json", PackageResources.openapi_json),
        ]
        for file in files {
            let text = String(decoding: file.bytes, as: UTF8.self)
            router.get(file.path) { _, _ in Response.text(text, type: file.type) }
        }
    }
}
