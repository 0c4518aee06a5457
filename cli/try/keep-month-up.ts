import { channelParameter } from "../../core/names.ts";
import { stranger } from "../../demo/organization.ts";
import type { LivedMonth } from "../../demo/run-month.ts";
import { fleet } from "../../demo/story.ts";
import { printFound } from "../command/print.ts";
import { keepUp } from "./keep-up.ts";
import { paragraph } from "./layout.ts";

/** Keeps the embedded AWS up until Ctrl-C; from here on factory time runs as fast as real time. */
export async function keepMonthUp({ running, report }: LivedMonth, prints: boolean): Promise<void> {
  const { booted, factory } = running;
  const [image] = report.channels;
  const found = {
    url: booted.url,
    region: factory.buildRegion,
    factoryAccount: report.account,
    consumer: image?.launchableBy.at(-1) ?? stranger,
    parameter: channelParameter(factory.name, image?.image ?? "", image?.channel ?? ""),
  };
  if (prints) printFound(found, drawCommands);
  await keepUp(running);
}

interface Found {
  readonly url: string;
  readonly region: string;
  readonly factoryAccount: string;
  readonly consumer: string;
  readonly parameter: string;
}

const drawCommands = ({ url, region, factoryAccount, consumer, parameter }: Found): string[] => [
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
  "With Amint; waiting for a build advances factory time, so that it takes seconds:",
  "",
  "  npx amint status",
  `  npx amint rollout ${fleet.image} ${fleet.channel}`,
  "  npx amint patched",
  `  npx amint build ${fleet.image} --wait`,
  "  npx amint local clock --advance 1d",
  "",
];

/** On two lines: AWS CLIs before 2.13 know the option, but not the variable. */
const aws = (account: string, command: string): string[] => [
  `  AWS_ACCESS_KEY_ID=${account} aws --endpoint-url $AWS_ENDPOINT_URL \\`,
  `    ${command}`,
];
