import { describe, expect, it } from "vitest";
import { matches } from "../../src/services/events/pattern/matches.ts";
import { parsePattern } from "../../src/services/events/pattern/parse-pattern.ts";

const match = (pattern: object, event: object): boolean => matches(parsePattern(JSON.stringify(pattern)), event);

describe("a pattern", () => {
  it("takes fields of one object in a list together", () => {
    const pattern = { amis: { region: ["eu-west-1"], state: ["available"] } };

    expect(match(pattern, { amis: [{ region: "eu-west-1", state: "available" }] })).toBe(true);
    expect(
      match(pattern, {
        amis: [
          { region: "eu-west-1", state: "failed" },
          { region: "x", state: "available" },
        ],
      }),
    ).toBe(false);
  });

  it("joins the names of nested fields with dots", () => {
    expect(match({ "state.status": ["AVAILABLE"] }, { state: { status: "AVAILABLE" } })).toBe(true);
    expect(match({ state: { status: ["AVAILABLE"] } }, { "state.status": "AVAILABLE" })).toBe(true);
  });

  it("finds an absent field absent, also below something absent", () => {
    expect(match({ state: { reason: [{ exists: false }] } }, {})).toBe(true);
    expect(match({ state: { reason: [{ exists: true }] } }, { state: { reason: [] } })).toBe(false);
  });

  it("with $or needs one of the alternatives, and everything beside it", () => {
    const pattern = { source: ["amint"], $or: [{ a: [1] }, { b: [{ prefix: "x" }] }] };

    expect(match(pattern, { source: "amint", b: "xy" })).toBe(true);
    expect(match(pattern, { source: "amint", b: "y" })).toBe(false);
    expect(match(pattern, { source: "else", a: 1 })).toBe(false);
  });

  it("tells addresses of both kinds in and out of a block", () => {
    const inBlock = (cidr: string, address: string) => match({ ip: [{ cidr }] }, { ip: address });

    expect(inBlock("10.0.0.0/24", "10.0.0.255")).toBe(true);
    expect(inBlock("10.0.0.0/24", "10.0.1.0")).toBe(false);
    expect(inBlock("2001:db8::/32", "2001:0db8:ffff:0000:0000:0000:0000:0001")).toBe(true);
  });

  it("lets a wildcard stand for nothing, and finds the later of two places", () => {
    const wild = (wildcard: string, text: string) => match({ key: [{ wildcard }] }, { key: text });

    expect(wild("a*b", "ab")).toBe(true);
    expect(wild("*b*b", "ab")).toBe(false);
    expect(wild("img-*-prod", "img-1-prod-2-prod")).toBe(true);
    expect(wild("a\\*b", "a*b")).toBe(true);
    expect(wild("a\\*b", "axb")).toBe(false);
  });

  const refused: [string, object, string][] = [
    ["that is empty", {}, "Empty objects are not allowed"],
    ["with an empty list", { source: [] }, "Empty arrays are not allowed"],
    ["whose field is not a list", { source: "amint" }, '"source" must be an object or an array'],
    ["with a range that holds nothing", { a: [{ numeric: [">", 5, "<", 1] }] }, "Bottom must be less than top"],
    ["with an unknown comparison", { a: [{ numeric: ["!=", 5] }] }, "Unrecognized numeric range operator: !="],
    ["with two operators in one", { a: [{ prefix: "x", suffix: "y" }] }, "Only one key allowed in match expression"],
    ["that mixes kinds in anything-but", { a: [{ "anything-but": ["x", 1] }] }, "mixed type is not supported"],
  ];

  it.each(refused)("%s is refused", (_, pattern, reason) => {
    expect(() => parsePattern(JSON.stringify(pattern))).toThrow(reason);
  });
});
