/** A fault that the histories have to notice, as text of the product's that is replaced. */
interface Fault {
  readonly name: string;
  /** Each text occurs once, and is replaced by the other. */
  readonly replaced: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

const PROOF = "core/retirement/prove-disuse.ts";
const KEPT = "core/retirement/plan-retirement.ts";
const PLAN = "core/retirement/plan-retirement.ts";
const LOOK = "functions/retirement/read-region-facts.ts";
const CLAIM = "functions/retirement/claim.ts";
const ACT = "functions/retirement/carry-out.ts";
const BACK = "functions/retirement/undo-retirement.ts";

const fault = (name: string, file: string, ...replaced: (readonly [from: string, to: string])[]): Fault => ({
  name,
  replaced: replaced.map(([from, to]) => ({ file, from, to })),
});

export const faults: readonly Fault[] = [
  fault("reports from before others were kept from it count", PROOF, [
    "since === undefined ? reports : reports.filter(({ askedAt }) => askedAt > since)",
    "reports",
  ]),
  fault("one report is enough", PROOF, ["Date.parse(last.askedAt) - APART_MS;", "Date.parse(last.askedAt);"]),
  fault(
    "a pending report counts as clean",
    PROOF,
    ['if (last.found.state === "pending") {', "if (false) {"],
    [
      'found.state !== "complete" || found.users.length > 0',
      'found.state === "missing" || (found.state === "complete" && found.users.length > 0)',
    ],
  ),
  fault(
    "a report that failed counts as clean",
    PROOF,
    ['if (last.found.state === "missing") return `no', "if (false) return `no"],
    [
      'found.state !== "complete" || found.users.length > 0',
      'found.state === "pending" || (found.state === "complete" && found.users.length > 0)',
    ],
  ),
  fault(
    "who is in a report does not count",
    PROOF,
    ['last?.found.state === "complete" && last.found.users.length > 0', "false"],
    ['found.state !== "complete" || found.users.length > 0', 'found.state !== "complete"'],
  ),
  fault("what refers to it in the factory's account does not count", PROOF, [
    '"found" in references && references.found.length > 0',
    "false",
  ]),
  fault("a manual share does not count", PROOF, [
    'sharedAgain && "found" in sharedAgain && sharedAgain.found.length > 0',
    "false",
  ]),
  fault("references that were not told count as none", PROOF, [
    'if ("failed" in references) return',
    "if (false) return",
  ]),
  fault("holds do not count", KEPT, ["hold !== undefined && Date.parse", "false && Date.parse"]),
  fault("children do not count", KEPT, ["...sayChildren(children),", ""]),
  fault("a promotion under way does not count", KEPT, ["promoting ? [", "false ? ["]),
  fault("an approval that is waited for does not count", KEPT, ["awaiting === undefined ? []", "true ? []"]),
  {
    // EC2 knows the parameters that name it, too.
    name: "a channel that points at it does not count, nor its parameters",
    replaced: [
      { file: KEPT, from: "...channels.map(", to: "...[].map(" },
      { file: PROOF, from: '"found" in references && references.found.length > 0', to: "false" },
    ],
  },
  fault("a channel that would go back to it does not count", KEPT, ["...backFor.map(", "...[].map("]),
  fault("the newest are not kept", KEPT, ["newer < retention.keep", "newer < 0"]),
  fault("failures, revocations and restorations are not looked after", KEPT, [
    ".filter(({ at }) => !ended(at, evidenceSeconds))",
    ".filter(() => false)",
  ]),
  fault("one region is looked at for all", PLAN, [
    "for (const region of regions) {",
    "for (const region of regions.slice(0, 1)) {",
  ]),
  fault("a build that turns out to be used is not restored", PLAN, [
    'if (!facts.revoked && (disuse.kind === "used" ||',
    'if (false && (disuse.kind === "used" ||',
  ]),
  fault("a build that was revoked since is restored", PLAN, [
    'if (!facts.revoked && (disuse.kind === "used" ||',
    'if ((disuse.kind === "used" ||',
  ]),
  fault("launches are not blocked first", PLAN, [
    'return actOn(disuse, left.length > 0 ? "withdraw" : "disable");',
    'return actOn(disuse, "disable");',
  ]),
  fault("a report that EC2 refuses to make counts as clean", LOOK, [
    'found: { state: "missing", why } };',
    'found: { state: "complete", users: [] } };',
  ]),
  fault("a restoration does not wait until the daily run has done with the build", CLAIM, [
    "if (claimedUntil(retirement, invocation)) return undefined;",
    "",
  ]),
  fault("who could launch it is written down too late", ACT, [
    "  await recordRetiredRegion(invocation.ledger, { ...one, saved });\n",
    "",
  ]),
  fault("a protection that lasts counts as deregistered", ACT, [
    'if (outcome.kind === "protected") return false;',
    'if (outcome.kind === "protected") { await done({}); return true; }',
  ]),
  fault("a restored build is not shared again", BACK, [
    "await reshareAmi(build, { region, amiId, ...saved }, invocation);",
    "",
  ]),
  fault("launch templates are not asked for", "adapters/retirement/disuse.ts", [
    '["ec2:Instance", "ec2:LaunchTemplate"] as const',
    '["ec2:Instance"] as const',
  ]),
];
