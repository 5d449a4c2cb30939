/// Domains of hosts where anybody gets a name, a site or storage for nothing, so that it can be left
/// behind once it is on a blocklist.
///
/// Left out are those of blogs, code and forms, which people send one another: a name there says
/// little. A list made by hand. Facts that models have learnt depend on it, so a change needs a new
/// model.
enum FreeHosts {
    private static let domains = Set(
        """
        000webhostapp.com azureedge.net azurefd.net azurewebsites.net backblazeb2.com
        bravesites.com bubbleapps.io canva.site carrd.co cloudapp.azure.com cloudfunctions.net
        cloudwaysapps.com contaboserver.net cprapid.com ddns.net digitaloceanspaces.com
        duckdns.org dweb.link editorx.io filesusr.com firebaseapp.com
        firebasestorage.googleapis.com fleek.co flutterflow.app framer.app framer.website
        glitch.me godaddysites.com herokuapp.com hopto.org ipfs.io jimdofree.com jimdosite.com
        linodeobjects.com my.canva.site myftpupload.com myqcloud.com mystrikingly.com netlify.app
        ngrok.app ngrok-free.app ngrok.io no-ip.org onmicrosoft.com onrender.com page.link
        pages.dev plesk.page r2.dev replit.app replit.dev run.app site123.me
        softr.app square.site storage.googleapis.com strikingly.com surge.sh sytes.net
        translate.goog trycloudflare.com typedream.app ukit.me vercel.app wasabisys.com web.app
        web.core.windows.net blob.core.windows.net webflow.io webnode.page weebly.com
        weeblysite.com wixstudio.com workers.dev yolasite.com zapto.org
        """.split { $0 == " " || $0.isNewline }.map(String.init))

    /// The longest host name that is looked at (RFC 1035 section 2.3.4).
    private static let longestName = 255

    /// Whether a host name in lower case is below one of them, or a name for stored files.
    static func contain(_ host: String) -> Bool {
        guard host.utf8.count <= longestName else { return false }
        var name = Substring(host)
        while true {
            if domains.contains(String(name)) { return true }
            guard let dot = name.firstIndex(of: ".") else { return isStorage(host) }
            name = name[name.index(after: dot)...]
        }
    }

    /// `bucket.s3.REGION.amazonaws.com`, in one of several spellings.
    private static func isStorage(_ host: String) -> Bool {
        host.hasSuffix(".amazonaws.com")
            && host.split(separator: ".").contains { $0 == "s3" || $0.hasPrefix("s3-") }
    }
}
