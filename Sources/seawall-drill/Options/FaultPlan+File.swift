import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension FaultPlan {
    /// The plan that a JSON file holds, judged.
    ///
    /// - Throws: `BadInput` for a file that holds no plan or a wrong one, with everything that is wrong with it.
    init(drill path: String) throws(BadInput) {
        self = try FileInput.json(FaultPlan.self, of: path, expected: "a plan of faults") { try $0.validate() }
    }
}
