import PortLimits
import Testing

/// Bytes of all requests together.
@Suite struct MemoryBudgetTests {
    @Test("Bytes are taken while there are any, and can be given back")
    func taking() {
        let budget = MemoryBudget(10)
        #expect(budget.take(10) && !budget.take(1))
        budget.giveBack(4)
        #expect(!budget.take(5) && budget.take(4) && budget.take(0))
    }
}
