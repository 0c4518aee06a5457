const DAY = 86_400_000;

/** When the month begins and ends. */
export const begin = Date.UTC(2026, 3, 1, 8);
export const days = 30;
export const end = begin + days * DAY;
/** The end of a number of months, each as long as the first. */
export const endOf = (months: number): number => begin + months * days * DAY;

/** Builds requested during the month. */
export const requests = [
  { at: begin, image: "al2023-base", requestedBy: "ada" },
  { at: begin, image: "ubuntu-2404-base", requestedBy: "ada" },
  { at: begin, image: "al2023-node", requestedBy: "ada" },
  { at: Date.UTC(2026, 3, 9, 9), image: "ubuntu-2404-base", requestedBy: "grace" },
  // During the build that a fix for Ubuntu started: it waits, and starts when that build has ended.
  { at: Date.UTC(2026, 3, 17, 6, 45), image: "ubuntu-2404-base", requestedBy: "linus" },
] as const;

/** Amazon's release during the month: its AMI replaces the one behind the public parameter. */
export const releases = [{ at: Date.UTC(2026, 3, 22, 18), family: "al2023", version: "2023.11.20260422.0" }] as const;

/** The approver who answers in Slack at 15:00 UTC on workdays: a request of Friday evening waits until Monday. */
export const reader = "grace";
export const readings = (months: number): number[] =>
  Array.from({ length: days * months }, (_, day) => Date.UTC(2026, 3, 1 + day, 15)).filter(
    (at) => ![0, 6].includes(new Date(at).getUTCDay()),
  );

/** Instances launched from a channel's build, from when and until when; only with several months. */
export const launches = [
  // Never terminated: its build cannot be retired.
  {
    from: Date.UTC(2026, 3, 8, 10),
    account: "500000000001",
    image: "ubuntu-2404-base",
    channel: "stable",
    region: "eu-west-1",
    instances: 2,
  },
  {
    from: Date.UTC(2026, 3, 20, 10),
    until: Date.UTC(2026, 5, 22, 10),
    account: "400000000002",
    image: "ubuntu-2404-base",
    channel: "stable",
    region: "us-east-1",
    instances: 1,
  },
] as const;

/** A channel that ada rolls back because users see errors; a day later she revokes the base image's build. */
export const rollback = {
  at: Date.UTC(2026, 3, 28, 9),
  image: "al2023-web",
  channel: "stable",
  by: "ada",
  reason: "the shop's front page answers 502 since this build",
} as const;
export const revocation = {
  at: Date.UTC(2026, 3, 29, 9),
  image: "al2023-base",
  channel: "stable",
  by: "ada",
  reason: "the base image that it starts from drops packets under load",
} as const;

/** A team opens an account on a Monday; it may launch whatever its OU may. */
export const joining = {
  at: Date.UTC(2026, 3, 20, 10),
  name: "shop-staging",
  email: "shop-staging@example.com",
  unit: "ou-exam-workload",
} as const;

/** An administrator edits a key policy and removes the statement that lets the organization use the key. */
export const slip = { at: Date.UTC(2026, 3, 22, 16), region: "us-east-1", statement: "OrganizationUses" } as const;
/** The next morning ada restores the statement and runs the failed promotion again. */
export const keyFix = {
  at: Date.UTC(2026, 3, 23, 9),
  image: "al2023-base",
  by: "ada",
  reason: "the key policy has its statement again",
} as const;

/** Auto Scaling groups of three accounts, and the channel that they follow from that time on. */
export const fleet = {
  at: Date.UTC(2026, 3, 3, 10),
  image: "al2023-base",
  channel: "stable",
  alarm: "front-page-errors",
  groups: [
    { account: "400000000002", region: "eu-west-1", name: "tools", desired: 1, follows: "early" },
    { account: "400000000002", region: "us-east-1", name: "staging", desired: 3, follows: "early" },
    { account: "500000000001", region: "eu-west-1", name: "shop", desired: 6, follows: "production" },
    { account: "500000000001", region: "us-east-1", name: "shop", desired: 4, follows: "production" },
    // Its launch template names an AMI by its id.
    { account: "500000000002", region: "eu-west-1", name: "payments", desired: 3 },
  ],
} as const;

/** On patch night the shop's errors rise while its instances are replaced; in the morning ada finds another cause. */
export const shopErrors = {
  at: Date.UTC(2026, 3, 16, 2, 40),
  over: Date.UTC(2026, 3, 16, 7, 30),
  account: "500000000001",
  region: "eu-west-1",
  resumed: Date.UTC(2026, 3, 16, 8),
  by: "ada",
  reason: "the errors came from a payment provider's outage",
} as const;
