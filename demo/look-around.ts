import { printFound } from "../cli/command/print.ts";
import { keepUp } from "../cli/try/keep-up.ts";
import { paragraph } from "../cli/try/layout.ts";
import type { Factory } from "../core/factory/factory-schema.ts";
import { channelParameter } from "../core/names.ts";
import { stranger } from "./organization.ts";
import type { LivedMonth } from "./run-month.ts";

/** Keeps the embedded AWS up until Ctrl-C; from here on factory time runs as fast as real time. */
export async function lookAround(lived: LivedMonth, factory: Factory, prints: boolean): Promise<void> {
  const { booted } = lived.running;
  const [image] = lived.report.images;
  const found = {
    url: booted.url,
    region: factory.buildRegion,
    factoryAccount: lived.report.factoryAccount,
    consumer: image?.launchableBy.at(-1) ?? stranger,
    parameter: channelParameter(factory.name, image?.image ?? "", image?.channel ?? ""),
    images: Object.keys(factory.images),
  };
  if (prints) printFound(found, drawCommands);
  await keepUp(lived.running);
}

interface Found {
  readonly url: string;
  readonly region: string;
  readonly factoryAccount: string;
  readonly consumer: string;
  readonly parameter: string;
  readonly images: readonly string[];
}

const drawCommands = ({ url, region, factoryAccount, consumer, parameter, images }: Found): string[] => [
  "",
  ...paragraph(
    `The embedded AWS listens on ${url} until Ctrl-C. A 12-digit access key is that account. In another shell:`,
  ),
  "",
  `  export AWS_ENDPOINT_URL=${url} AWS_SECRET_ACCESS_KEY=embedded`,
  `  export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
  "",
  ...paragraph(
    "The AMIs shared with a consumer account, what a channel points at, and what a stranger sees (nothing):",
  ),
  "",
  ...aws(consumer, "ec2 describe-images --executable-users self"),
  ...aws(factoryAccount, `ssm get-parameter --name ${parameter}`),
  ...aws(stranger, "ec2 describe-images --executable-users self"),
  "",
  "An overview of the factory, and a build that takes seconds, because its waits advance factory time:",
  "",
  "  npx amint status",
  `  npx amint build ${images[0] ?? ""} --wait`,
  "",
];

/** On two lines: AWS CLIs before 2.13 know the option, but not the variable. */
const aws = (account: string, command: string): string[] => [
  `  AWS_ACCESS_KEY_ID=${account} aws --endpoint-url $AWS_ENDPOINT_URL \\`,
  `    ${command}`,
];
