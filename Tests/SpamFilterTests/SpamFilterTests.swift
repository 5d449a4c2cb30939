import FilterPolicy
import FilterTestKit
import Learning
import Milter
import Scoring
import SpamFilter
import Testing

/// One transaction in, modifications and a log line out, without an MTA.
@Suite struct SpamFilterTests {
    @Test("Spam and ham are marked and logged, one line each")
    func marks() throws {
        let bench = try FilterBench()
        let spam = bench.run(transaction(.spam))
        let ham = bench.run(transaction(.ham))
        #expect(spam.reply == .accept && ham.reply == .accept)
        #expect(inserted(spam, "X-Spam-Flag") == "YES" && inserted(ham, "X-Spam-Flag") == "NO")
        #expect(inserted(spam, "X-Spam-Status")?.hasPrefix("Yes, score=") == true)
        #expect(inserted(ham, "X-Spam-Level") == nil)
        #expect(bench.lines.all.count == 2)
        #expect(bench.lines.all[0].hasPrefix("4XABC: verdict=spam action=add_header score="))
        #expect(bench.lines.all[1].hasPrefix("4XABC: verdict=ham action=accept score="))
        #expect(
            bench.registry.render().contains(
                "siftd_messages_total{verdict=\"spam\",action=\"add_header\",source=\"milter\"} 1"))
    }

    @Test("Marked messages say why, unless told not to", arguments: [true, false])
    func reasons(addsReasons: Bool) throws {
        let bench = try FilterBench { $0.policy.addsReasons = addsReasons }
        let spam = inserted(bench.run(transaction(.spam)), "X-Spam-Reason")
        #expect((spam != nil) == addsReasons)
        #expect(spam.map { $0.hasPrefix("\"") && $0.contains("(+") } != false)
        #expect(inserted(bench.run(transaction(.ham)), "X-Spam-Reason") == nil)
    }

    @Test("Forged verdicts go first, from the highest occurrence down")
    func forged() throws {
        let response = try FilterBench().run(
            transaction(.ham) { transaction in
                for name in ["X-Spam-Status", "x-spam-status", "X-Spam-Flag"] {
                    transaction.header.append(.init(name: name, value: Array("No".utf8)))
                }
            })
        #expect(
            response.modifications.prefix(3) == [
                .deleteHeader(name: "X-Spam-Flag", occurrence: 1),
                .deleteHeader(name: "x-spam-status", occurrence: 2),
                .deleteHeader(name: "X-Spam-Status", occurrence: 1),
            ])
        #expect(response.modifications.count > 3)
    }

    @Test("Rejection carries 550 5.7.1 and marks nothing")
    func rejects() throws {
        let bench = try FilterBench { settings in
            settings.policy.rejects = true
            settings.policy.rejectThreshold = 0.8
        }
        #expect(
            bench.run(transaction(.spam))
                == MilterResponse(
                    reply: .reject(code: "550", status: "5.7.1", text: "Spam message rejected")))
        #expect(bench.run(transaction(.ham)).reply == .accept)
    }

    @Test("Monitor mode changes nothing and logs what would be done")
    func monitor() throws {
        let bench = try FilterBench { settings in
            settings.policy.mode = .monitor
            settings.policy.rejects = true
            settings.policy.rejectThreshold = 0.8
        }
        #expect(bench.run(transaction(.spam)) == MilterResponse(reply: .accept))
        #expect(bench.lines.all[0].contains("verdict=spam action=reject"))
    }

    @Test("Monitor mode does not even answer a fault")
    func monitorFault() throws {
        let bench = try FilterBench { $0.policy.mode = .monitor }
        bench.pool.stop()
        #expect(bench.run(transaction(.spam)) == MilterResponse(reply: .accept))
        let lines = bench.lines.all
        #expect(lines.count == 2)
        #expect(lines.first == "4XABC: msg=not_scanned reason=stopped action=tempfail")
        #expect(lines.last?.contains("verdict=skipped action=tempfail") == true)
        #expect(lines.last?.contains("reason=stopped") == true)
    }

    @Test("Trusted networks pass untouched, authenticated users lose only forged verdicts")
    func exempt() throws {
        let bench = try FilterBench { settings in
            settings.exemptions.networks = ["192.0.2.0/24"].compactMap { NetworkRange($0) }
        }
        let forged = Transaction.HeaderField(name: "X-Spam-Flag", value: Array("NO".utf8))
        #expect(
            bench.run(transaction(.spam) { $0.header.append(forged) })
                == MilterResponse(reply: .accept))
        let user = bench.run(
            transaction(.spam) { transaction in
                transaction.client.address = "198.51.100.1"
                transaction.authenticated = "ann"
                transaction.header.append(forged)
            })
        #expect(user.modifications == [.deleteHeader(name: "X-Spam-Flag", occurrence: 1)])
        #expect(bench.lines.all.allSatisfy { $0.contains("verdict=skipped") })
    }

    @Test("A fault is a tempfail, or an unscanned mark when the admin prefers that")
    func faults() throws {
        let strict = try FilterBench()
        strict.pool.stop()
        #expect(
            strict.run(transaction(.spam)).reply
                == .tempfail(code: "451", status: "4.3.0", text: "Filter error, try again later"))
        let lenient = try FilterBench { $0.policy.faults = FaultPolicy(all: .accept) }
        lenient.pool.stop()
        let response = lenient.run(transaction(.spam))
        #expect(response.reply == .accept)
        #expect(
            inserted(response, "X-Spam-Status")?.contains("tests=UNSCANNED reason=stopped") == true)
        #expect(lenient.lines.all.contains { $0.contains("msg=not_scanned") })
    }

    @Test("A body cut at the scan limit is scored and named")
    func cutBody() throws {
        let bench = try FilterBench()
        let response = bench.run(transaction(.spam) { $0.isBodyCut = true })
        #expect(inserted(response, "X-Spam-Flag") == "YES")
        #expect(bench.lines.all[0].contains("flags=limit-body"))
        #expect(bench.registry.render().contains("siftd_limits_hit_total{limit=\"limit-body\"} 1"))
    }

    @Test("An empty message is unsure, never spam")
    func emptyMessage() throws {
        let bench = try FilterBench()
        var empty = Transaction()
        empty.client.address = "192.0.2.7"
        let response = bench.run(empty)
        #expect(inserted(response, "X-Spam-Flag") == "NO")
        #expect(bench.lines.all[0].hasPrefix("NOQUEUE: verdict=unsure"))
        #expect(bench.lines.all[0].contains("reason=little-text"))
    }

    @Test("Local mail and mail above the size pass unjudged, without forged verdicts")
    func unjudged() throws {
        let bench = try FilterBench { $0.exemptions.size = 50 }
        let forged = Transaction.HeaderField(name: "X-Spam-Flag", value: Array("NO".utf8))
        for change in [
            { $0.client.address = "" }, { $0.body += [UInt8](repeating: 65, count: 99) },
            { $0.leftOutBytes = 99 },
        ]
            as [(inout Transaction) -> Void]
        {
            let response = bench.run(
                transaction(.spam) { transaction in
                    change(&transaction)
                    transaction.header.append(forged)
                })
            #expect(response.modifications == [.deleteHeader(name: "X-Spam-Flag", occurrence: 1)])
        }
        #expect(bench.lines.all[0].contains("reason=local"))
        #expect(bench.lines.all[1...].allSatisfy { $0.contains("reason=size") })
    }
}
