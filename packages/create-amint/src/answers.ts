/** Operating systems for the first image. */
export const systems = ["al2023", "ubuntu-2404"] as const;
export const architectures = ["x86_64", "arm64"] as const;

/** The values for a new factory's config. */
export interface Answers {
  readonly name: string;
  /** Images are built in the first. */
  readonly regions: readonly string[];
  /** The factory's account, 12 digits. */
  readonly account: string;
  /** `o-...` */
  readonly organization: string;
  /** 12 digits. */
  readonly managementAccount: string;
  readonly os: (typeof systems)[number];
  readonly architecture: (typeof architectures)[number];
}

type Rule = readonly [pattern: RegExp, expected: string];

/** The same rules as Amint's: `amint validate` checks them again, with all others. */
const rules = {
  name: [
    /^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    "lower-case letters, digits and single hyphens, beginning with a letter, at most 40 characters",
  ],
  region: [/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as "eu-west-1"'],
  organization: [/^o-[a-z0-9]{10,32}$/, 'an organization id such as "o-exampleorgid"'],
  account: [/^\d{12}$/, "a 12-digit account id"],
  managementAccount: [/^\d{12}$/, "a 12-digit account id"],
} satisfies Readonly<Record<string, Rule>>;

/** @returns why a value is invalid; undefined if it is valid */
export function faultOf(rule: keyof typeof rules, value: string): string | undefined {
  const [pattern, expected] = rules[rule];
  return pattern.test(value) ? undefined : `expected ${expected}, found ${JSON.stringify(value)}`;
}

/** `eu-west-1, us-east-1` as a list without duplicates. */
export const toRegions = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** @returns why a list of regions is invalid; undefined if it is valid */
export const faultOfRegions = (regions: readonly string[]): string | undefined =>
  regions.length === 0
    ? "expected at least one AWS region"
    : regions.map((region) => faultOf("region", region)).find(Boolean);

/** For `--yes`. The ids are AWS's documentation examples; `amint try` works with them. */
export const defaults: Omit<Answers, "name"> = {
  regions: ["eu-west-1"],
  account: "111122223333",
  organization: "o-exampleorgid",
  managementAccount: "999988887777",
  os: "al2023",
  architecture: "x86_64",
};
