import fc from "fast-check";

/** The pieces of random versions, for one package manager. */
interface Syntax {
  readonly pieces: readonly string[];
  readonly epochs: readonly string[];
  readonly releases: readonly string[];
  /** Independent of the product's parsers, which must not choose their own test data. */
  readonly valid: RegExp;
}

const NUMBERS = ["0", "1", "2", "9", "10", "00", "01", "010", "20231231235959", "9007199254740992", "9007199254740993"];
const WORDS = ["a", "b", "z", "A", "Z", "rc", "RC", "beta", "git1a2b3c", "el9", "p1", "dfsg", "really"];
const UPSTREAMS = ["3.0.8", "2.4.57", "6.1", "20230311", "9.18.19", "1.1.1n", "1.1.1", "5.10.199-190.747", "0.0~git2"];

export const rpmSyntax: Syntax = {
  pieces: [...NUMBERS, ...WORDS, ".", ".", "_", "+", "..", "~", "~", "^", "^", "~~", "^^", "~^", "^~", "%", "{", "}"],
  epochs: ["", "", "", "0:", "00:", "1:", "01:", "2:", "10:", "4294967295:"],
  releases: ["", "-0", "-1", "-01", "-1.amzn2023.0.4", "-1.amzn2023.0.10", "-14.el9_2.3", "-0.1.rc1", "-1^git2", "-~1"],
  valid: /^((\d{1,9}|4294967295):)?[\w.+~^%{}]+(-[\w.+~^%{}]+)?$/,
};

export const debianSyntax: Syntax = {
  pieces: [...NUMBERS, ...WORDS, ".", ".", "-", "-", "+", "..", "~", "~", "~", "~~", "~+", "+~", ":", "--"],
  epochs: ["", "", "", "0:", "00:", "1:", "01:", "2:", "10:", "2147483647:"],
  releases: ["", "-0", "-1", "-01", "-00", "-3+deb12u1", "-1ubuntu0.22.04.2", "~deb11u1", "-0+deb12u1~bpo11+1", "-~"],
  valid: /^(?!.*-[^-]*:)(?!.*-$)((\d{1,9}|2147483647):\d[A-Za-z\d.+~:-]*|\d[A-Za-z\d.+~-]*)$/,
};

/** Random versions, some composed of pieces, some as distributions write them. */
export function versions({ pieces, epochs, releases, valid }: Syntax): fc.Arbitrary<string> {
  const body = fc.oneof(
    { weight: 2, arbitrary: fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 7 }) },
    { weight: 1, arbitrary: fc.constantFrom(...UPSTREAMS).map((upstream) => [upstream]) },
  );
  return fc
    .tuple(fc.constantFrom(...epochs), body, fc.constantFrom(...releases))
    .map(([epoch, parts, release]) => `${epoch}${parts.join("")}${release}`)
    .filter((text) => valid.test(text));
}

/** A piece instead of up to two characters somewhere, or a zero before the first digits that follow. */
interface Edit {
  readonly at: number | "end";
  readonly removed: number;
  readonly inserted: string;
}

/** Versions that start equal: each is edited up to three times, so that they differ little or not at all. */
export function relatives(syntax: Syntax, count: number): fc.Arbitrary<string[]> {
  const edit = fc.record({
    at: fc.oneof(fc.nat(40), fc.constant("end" as const)),
    removed: fc.nat(2),
    inserted: fc.oneof(fc.constant("zero"), fc.constantFrom("", ...syntax.pieces), fc.constantFrom(...syntax.releases)),
  });
  const edits = fc.array(fc.array(edit, { maxLength: 3 }), { minLength: count, maxLength: count });
  return fc.tuple(versions(syntax), edits).map(([text, all]) => all.map((some) => some.reduce(applied(syntax), text)));
}

/** The edited text, or the original text if the edited one is not a version. */
const applied =
  ({ valid }: Syntax) =>
  (text: string, { at, removed, inserted }: Edit): string => {
    const place = at === "end" ? text.length : at % (text.length + 1);
    const rest = text.slice(place);
    const edited = inserted === "zero" ? rest.replace(/(?<!\d)\d/, "0$&") : inserted + rest.slice(removed);
    return valid.test(text.slice(0, place) + edited) ? text.slice(0, place) + edited : text;
  };

export type Pair = readonly [string, string];

/** The same pairs of two texts for the same seed: three of four are similar, the others are unrelated. */
export function versionPairs(syntax: Syntax, count: number, seed: number): Pair[] {
  const pair = fc.oneof(
    { weight: 3, arbitrary: relatives(syntax, 2) },
    { weight: 1, arbitrary: fc.array(versions(syntax), { minLength: 2, maxLength: 2 }) },
  );
  const ofTwo = pair.map(([a, b]): Pair => [a!, b!]).filter(([a, b]) => a !== b);
  return fc.sample(ofTwo, { numRuns: count, seed });
}
