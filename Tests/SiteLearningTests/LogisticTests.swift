import Foundation
import Testing

@testable import SiteLearning

@Suite struct LogisticTests {
    @Test("The exponential agrees with the C library's to 1 part in 10¹⁵")
    func exponential() {
        for x in stride(from: -60.0, through: 60, by: 0.37) {
            #expect(abs(Logistic.exp(x) / exp(x) - 1) < 1e-15)
        }
    }

    @Test("The logistic function is 0, ½ and 1 at its ends and its middle")
    func ends() {
        #expect(Logistic.sigmoid(0) == 0.5)
        #expect(Logistic.sigmoid(.infinity) == 1)
        #expect(Logistic.sigmoid(-.infinity) < 1e-300)
        #expect(Logistic.sigmoid(.nan).isNaN)
    }
}
