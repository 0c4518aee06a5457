import type { Block } from "./markdown.ts";

/** The pages whose commands are executed from their own text. */
export const EXECUTED_PAGES = ["README.md", "docs/getting-started.md", "docs/first-deployment.md"] as const;

/** Commands of these pages that no test executes as they are written. */
interface LeftOut {
  readonly page: (typeof EXECUTED_PAGES)[number];
  /** Consecutive lines of a shell block, without comments. */
  readonly lines: readonly string[];
  readonly why: string;
}

export const BY_CI = "CI runs it in a fresh clone (.ci/run)";
const SST = "SST deploys to AWS only: `amint local` stands in";

export const leftOut: readonly LeftOut[] = [
  { page: "README.md", lines: ["npm start"], why: BY_CI },
  { page: "README.md", lines: ["npm test"], why: BY_CI },
  {
    page: "README.md",
    lines: [
      "npm create amint@latest my-factory",
      "cd my-factory && npm install",
      "npx amint validate",
      "npx amint try",
    ],
    why: "the packages are not published: the next block creates the factory from tarballs",
  },
  { page: "docs/first-deployment.md", lines: ["npm ci"], why: BY_CI },
  {
    page: "docs/first-deployment.md",
    lines: [
      "aws cloudformation deploy --region us-east-1 --stack-name amint-acme-forward-organization --template-file management.yaml --capabilities CAPABILITY_NAMED_IAM",
    ],
    why: "the embedded AWS has no change sets: `create-stack` stands in",
  },
  {
    page: "docs/first-deployment.md",
    lines: [
      `npx sst secret set FeedMirrors '{"al2023": {"url": "https://mirror.example.com/al2023/"}}' --stage production`,
    ],
    why: "SST keeps its secrets in AWS only; they are optional",
  },
  {
    page: "docs/first-deployment.md",
    lines: ["AMINT_COMMIT=$(git rev-parse HEAD) npx sst deploy --stage production"],
    why: SST,
  },
  {
    page: "docs/first-deployment.md",
    lines: ["npx amint slack secrets"],
    why: "it prompts on a terminal: the same command with a pipe stands in",
  },
  { page: "docs/first-deployment.md", lines: ["npx sst remove --stage production"], why: SST },
  {
    page: "docs/first-deployment.md",
    lines: [
      `aws s3 ls --recursive "s3://$(aws ssm get-parameter --region eu-west-1 --name /sst/bootstrap --query Parameter.Value --output text | sed 's/.*"state":"\\([^"]*\\)".*/\\1/')/" | grep /amint/production`,
      "aws ssm delete-parameter --region eu-west-1 --name /sst/passphrase/amint/production",
    ],
    why: "only SST's own deployment writes this state",
  },
];

/** A command as it is compared: without a comment. */
const bare = (line: string): string => line.replace(/(^|\s+)#.*$/, "").trimEnd();

/** Where lines begin in a block; -1 if the block does not have all of them, one after the other. */
function placeOf(lines: readonly string[], all: readonly string[]): number {
  const texts = all.map(bare);
  return texts.findIndex((_, from) => lines.every((line, n) => texts[from + n] === line));
}

export const isIn = ({ page, lines }: LeftOut, block: Block): boolean =>
  block.page === page && placeOf(lines, block.code.split("\n")) >= 0;

/** What a test executes of a shell block; empty if nothing but comments is left. */
export function executedOf(block: Block): string {
  const lines = block.code.split("\n");
  for (const entry of leftOut.filter((one) => isIn(one, block)))
    lines.splice(placeOf(entry.lines, lines), entry.lines.length);
  return lines.some((line) => bare(line) !== "") ? lines.join("\n") : "";
}

/** Languages of blocks that hold no commands. */
const NOT_SHELL = ["ts", "json", "yaml"];

/** Commands of shell blocks, in any language that looks like a shell's, that are neither executed nor listed. */
export function neitherExecutedNorListed(blocks: readonly Block[], executed: readonly string[]): string[] {
  const known = new Set(executed.flatMap((text) => text.split("\n")).map(bare));
  return blocks
    .filter(({ language }) => !NOT_SHELL.includes(language))
    .flatMap((block) => {
      const listed = new Set(leftOut.filter((one) => isIn(one, block)).flatMap(({ lines }) => lines));
      return block.code
        .split("\n")
        .map(bare)
        .filter((line) => line !== "" && !known.has(line) && !listed.has(line));
    });
}
