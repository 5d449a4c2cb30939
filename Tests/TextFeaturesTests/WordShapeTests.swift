import Testing
import TextFeatures

@Suite struct WordShapeTests {
    @Test(
        "A shape is the length, and the share of vowels, digits, or another script",
        arguments: [
            ("a", "<o:w:s:3>"), ("bcdf", "<o:w:s:0>"), ("bcda", "<o:w:s:1>"),
            ("bada", "<o:w:s:3>"), ("bcdfg", "<o:w:m:0>"), ("bcdfghja", "<o:w:m:1>"),
            ("bacadfgh", "<o:w:m:1>"), ("bacad", "<o:w:m:2>"), ("bcdfghjkl", "<o:w:l:0>"),
            ("bcdfghjklmnpqr", "<o:w:l:0>"), ("bcdfghjklmnpqrs", "<o:w:xl:0>"),
            ("aeiouyaeiouyaeiouy", "<o:w:xl:3>"), ("ab1", "<o:d:s>"), ("abcde1", "<o:d:m>"),
            ("abcdefgh1", "<o:d:l>"), ("abcdefghijklmn1", "<o:d:xl>"), ("мир", "<o:x:s>"),
            ("привет", "<o:x:m>"), ("здравствуйте", "<o:x:l>"), ("мир1", "<o:x:s>"),
            ("здравствуйтездравствуйте", "<o:x:xl>"), ("", "<o:w:s:0>"),
        ])
    func shape(_ word: String, _ expected: String) {
        #expect(WordShape(of: utf8(word)).token == expected)
    }
}
