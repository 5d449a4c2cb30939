import Telemetry
import Testing

@Suite struct OpenMetricsTextTests {
    @Test("Counters' families lose their ending, quotes are escaped, the end is marked")
    func converted() {
        let text = """
            # HELP mail_total Mail that "came".
            # TYPE mail_total counter
            mail_total{verdict="ham"} 3
            # HELP seconds Time.
            # TYPE seconds histogram
            seconds_bucket{le="+Inf"} 1
            seconds_sum 0.5
            seconds_count 1
            # HELP odd Kept by a library.
            # TYPE odd counter
            odd 2

            """
        #expect(
            OpenMetricsText.converted(text) == """
                # HELP mail Mail that \\"came\\".
                # TYPE mail counter
                mail_total{verdict="ham"} 3
                # HELP seconds Time.
                # TYPE seconds histogram
                seconds_bucket{le="+Inf"} 1
                seconds_sum 0.5
                seconds_count 1
                # HELP odd Kept by a library.
                # TYPE odd unknown
                odd 2
                # EOF

                """)
    }

    @Test("No metrics are an empty answer")
    func empty() {
        #expect(OpenMetricsText.converted("") == "# EOF\n")
    }
}
