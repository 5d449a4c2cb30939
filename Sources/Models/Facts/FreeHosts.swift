/// Hosts where anybody gets a name, a page or storage for little or nothing, so that it can be left
/// behind once it is on a blocklist.
///
/// Left out are those of blogs, code, forms, shops and clubs, which people send one another: a name
/// there says little. The lists are made by hand. Facts that models have learnt depend on them, so
/// a change needs a new model.
enum FreeHosts {
    /// Of sites: what stands below is somebody's name.
    private static let sites = names(
        """
        4everland.app 42web.io amplifyapp.com azurestaticapps.net azurewebsites.net beget.tech
        bravesites.com bubbleapps.io canva.site carrd.co cloudapp.azure.com cloudfunctions.net
        cloudwaysapps.com contaboserver.net cprapid.com ddns.net deno.dev duckdns.org dweb.link
        editorx.io epizy.com firebaseapp.com fleek.co flutterflow.app fly.dev framer.app
        framer.website free.nf glitch.me godaddysites.com great-site.net herokuapp.com hopto.org
        hostingersite.com infinityfreeapp.com ipfs.io loca.lt lovable.app mybluehost.me
        myftpupload.com mystrikingly.com netlify.app ngrok-free.app ngrok.app ngrok.io nip.io
        no-ip.org on.aws onrender.com pages.dev plesk.page r2.dev railway.app replit.app
        replit.dev rf.gd run.app site123.me softr.app sslip.io strikingly.com surge.sh sytes.net
        translate.goog trycloudflare.com typedream.app ukit.me vercel.app web.app
        web.core.windows.net webcindario.com webflow.io weebly.com weeblysite.com wixstudio.com
        workers.dev zapto.org
        """)
    /// Of files: pages there are made to be left behind, documents and pictures are everybody's.
    private static let storage = names(
        """
        aliyuncs.com backblazeb2.com blob.core.windows.net digitaloceanspaces.com
        firebasestorage.googleapis.com linodeobjects.com myqcloud.com oraclecloud.com
        storage.googleapis.com wasabisys.com
        """)
    /// Of tenants, whose mail comes from such a name until they have one of their own.
    private static let tenants = names("onmicrosoft.com")
    /// Labels of the longest names in the lists.
    private static let mostLabels = 4

    private static func names(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0.isNewline }.map(String.init))
    }

    /// The site that somebody has at such a host.
    ///
    /// - Parameter host: in lower case.
    /// - Returns: such as `shop.pages.dev` for `preview.shop.pages.dev`; nil for other hosts.
    static func site(_ host: String) -> String? {
        guard let name = ending(of: host, in: sites) else { return nil }
        let front = host.dropLast(name.utf8.count + 1)
        let dot = front.lastIndex(of: ".")
        let label = front[(dot.map(front.index(after:)) ?? front.startIndex)...]
        guard !label.isEmpty, label != "www" else { return nil }
        return "\(label).\(name)"
    }

    /// Whether a host in lower case keeps files.
    static func keepFiles(_ host: String) -> Bool {
        ending(of: host, in: storage) != nil
            || host.hasSuffix(".amazonaws.com")
                && host.split(separator: ".").contains { $0 == "s3" || $0.hasPrefix("s3-") }
    }

    /// Whether a domain in lower case is a tenant's.
    static func areOfTenant(_ domain: String) -> Bool {
        ending(of: domain, in: tenants).map { $0 != domain } ?? false
    }

    /// The name of a list that a host is, or is below.
    private static func ending(of host: String, in names: Set<String>) -> String? {
        var start = host.utf8.endIndex
        var labels = 1
        while start > host.utf8.startIndex {
            let before = host.utf8.index(before: start)
            if host.utf8[before] == UInt8(ascii: ".") { labels += 1 }
            if labels > mostLabels { break }
            start = before
        }
        var name = host[start...]
        while !names.contains(String(name)) {
            guard let dot = name.firstIndex(of: ".") else { return nil }
            name = name[name.index(after: dot)...]
        }
        return String(name)
    }
}
