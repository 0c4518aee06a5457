import { once } from "node:events";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { channelParameter } from "../../core/names.ts";
import { stranger } from "./organization.ts";
import type { LivedMonth } from "./run-month.ts";

/** Keeps the embedded AWS up until Ctrl-C; from here on factory time runs as fast as the clock on the wall. */
export async function lookAround(lived: LivedMonth, factory: Factory, print: (line: string) => void): Promise<void> {
  const { booted, clock } = lived.running;
  const [image] = lived.report.images;
  const consumer = image?.launchableBy.at(-1) ?? stranger;
  const parameter = channelParameter(factory.name, image?.image ?? "", image?.channel ?? "");
  print(`
The embedded AWS listens on ${booted.url} until Ctrl-C. A 12-digit access key is that account:

  export AWS_ENDPOINT_URL=${booted.url} AWS_SECRET_ACCESS_KEY=embedded AWS_REGION=${factory.buildRegion} AWS_DEFAULT_REGION=${factory.buildRegion}
  AWS_ACCESS_KEY_ID=${consumer} aws --endpoint-url ${booted.url} ec2 describe-images --executable-users self
  AWS_ACCESS_KEY_ID=${lived.report.factoryAccount} aws --endpoint-url ${booted.url} ssm get-parameter --name ${parameter}
  AWS_ACCESS_KEY_ID=${stranger} aws --endpoint-url ${booted.url} ec2 describe-images --executable-users self
  AWS_ACCESS_KEY_ID=${lived.report.factoryAccount} npx amint build al2023-base
`);
  const stop = clock.follow();
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  stop();
  await clock.settle();
}
