extension LayerNetwork {
    /// Several inputs put together number by number; a size of 1 is repeated.
    static func merge(
        _ inputs: [LayerValue], _ merge: LayerOperation.Merge, _ rule: LayerOperation.MaskRule,
        sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: inputs[0].count, sizes: sizes)
        let size = value.size
        for (number, input) in inputs.enumerated() {
            let inputSize = input.size
            let entries =
                input.sizes == sizes
                ? nil : (0..<size).map { entry(of: $0, in: sizes, to: input.sizes) }
            value.change { result, total in
                guard number > 0 || entries != nil else {
                    input.read { result.update(from: $0, count: total) }
                    return
                }
                for text in 0..<input.count {
                    for index in 0..<size {
                        let other = input.numbers[text * inputSize + (entries?[index] ?? index)]
                        let target = text * size + index
                        result[target] =
                            number == 0 ? other : combine(merge, result[target], other)
                    }
                }
            }
        }
        if merge == .average { each(&value) { $0 / Float(inputs.count) } }
        value.mask = mask(of: inputs, rule)
        return value
    }

    /// A product, maximum or minimum without the numbers of masked positions.
    ///
    /// A product takes 1 for them, and is 0 where all are masked. A maximum or minimum takes the
    /// other input's number while both have a mask so far, or the result's.
    static func mergeUnmasked(
        _ inputs: [LayerValue], _ merge: LayerOperation.Merge, _ rule: LayerOperation.MaskRule,
        sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: inputs[0].count, sizes: sizes)
        value.mask = mask(of: inputs, rule)
        let entries = inputs.map { input in
            (0..<value.size).map { entry(of: $0, in: sizes, to: input.sizes) }
        }
        // Whether an input counts at an element; a mask may be for one position that is repeated.
        func counts(_ input: LayerValue, _ text: Int, _ entry: Int) -> Bool? {
            guard let mask = input.mask, let length = input.sizes.first else { return nil }
            return mask[text * length + entry / max(input.size / length, 1)]
        }
        let haveAllMasks = inputs.allSatisfy { $0.mask != nil }
        let size = value.size
        value.change { result, total in
            for index in 0..<total {
                let text = index / size
                var output: Float = 0
                var outputCounts: Bool?
                var anyCounts = false
                for (number, input) in inputs.enumerated() {
                    let entry = entries[number][index % size]
                    var x = input.numbers[text * input.size + entry]
                    let isCounted = counts(input, text, entry)
                    if isCounted ?? false { anyCounts = true }
                    if merge == .multiply {
                        if isCounted == false { x = 1 }
                        output = number == 0 ? x : output * x
                        continue
                    }
                    guard number > 0 else {
                        output = x
                        outputCounts = isCounted
                        continue
                    }
                    if isCounted == false { x = output }
                    if outputCounts == false { output = x }
                    if let one = outputCounts, let other = isCounted {
                        outputCounts = one || other
                    } else {
                        outputCounts = nil
                    }
                    output = combine(merge, output, x)
                }
                if merge == .multiply, haveAllMasks, !anyCounts { output = 0 }
                result[index] = output
            }
        }
        return value
    }

    static func combine(_ merge: LayerOperation.Merge, _ one: Float, _ other: Float) -> Float {
        switch merge {
        case .add, .average: one + other
        case .subtract: one - other
        case .multiply: one * other
        case .maximum: max(one, other)
        case .minimum: min(one, other)
        }
    }

    private static func mask(
        of inputs: [LayerValue], _ rule: LayerOperation.MaskRule
    ) -> [Bool]? {
        let masks = inputs.compactMap(\.mask)
        guard var result = masks.first else { return nil }
        switch rule {
        case .none: return nil
        case .shared: return result
        case .all:
            for mask in masks.dropFirst() where mask.count == result.count {
                for index in result.indices { result[index] = result[index] && mask[index] }
            }
        case .any:
            if masks.count < inputs.count { return nil }
            for mask in masks.dropFirst() where mask.count == result.count {
                for index in result.indices { result[index] = result[index] || mask[index] }
            }
        }
        return result
    }

    /// Inputs side by side along an axis.
    static func concatenate(
        _ inputs: [LayerValue], _ axis: Int, _ rule: LayerOperation.MaskRule, sizes: [Int]
    ) -> LayerValue {
        var value = LayerValue(count: inputs[0].count, sizes: sizes)
        let outer = value.count * sizes[..<axis].reduce(1, *)
        let step = stride(sizes, axis) * sizes[axis]
        var offset = 0
        for input in inputs {
            let width = stride(input.sizes, axis) * input.sizes[axis]
            input.numbers.withUnsafeBufferPointer { numbers in
                value.change { result, _ in
                    guard let numbers = numbers.baseAddress else { return }
                    for row in 0..<outer {
                        (result + row * step + offset).update(
                            from: numbers + row * width, count: width)
                    }
                }
            }
            offset += width
        }
        if axis == 0, rule != .none, inputs.contains(where: { $0.mask != nil }) {
            var mask: [Bool] = []
            for text in 0..<value.count {
                for input in inputs {
                    let length = input.sizes[0]
                    mask +=
                        input.mask.map { Array($0[(text * length)..<((text + 1) * length)]) }
                        ?? [Bool](repeating: true, count: length)
                }
            }
            value.mask = mask
        } else {
            value.mask = mask(of: inputs, rule)
        }
        return value
    }
}
