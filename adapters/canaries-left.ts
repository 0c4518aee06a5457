import {
  type EC2Client,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
} from "@aws-sdk/client-ec2";

/** A trial that a launch template or an instance is left of. */
export interface LeftCanary {
  readonly name: string;
  /** When the oldest of it was made. */
  readonly since: Date;
}

const TAG = "amint:canary";
const OVER = ["terminated", "shutting-down"];

/**
 * What is left of canaries in an account's region. The template is there before all else of a canary, and goes last.
 * @param prefix of the names of this factory's canaries
 */
export async function listCanaries(client: EC2Client, prefix: string): Promise<LeftCanary[]> {
  const oldest = new Map<string, Date>();
  const add = (tags: Instance["Tags"] = [], at: Date | undefined) => {
    const name = tags.find(({ Key }) => Key === TAG)?.Value;
    if (!name?.startsWith(prefix) || !at) return;
    const known = oldest.get(name);
    if (!known || at < known) oldest.set(name, at);
  };
  const Filters = [{ Name: "tag-key", Values: [TAG] }];
  for await (const { LaunchTemplates = [] } of paginateDescribeLaunchTemplates({ client }, { Filters })) {
    for (const { Tags, CreateTime } of LaunchTemplates) add(Tags, CreateTime);
  }
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters })) {
    for (const { Tags, LaunchTime, State } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (!OVER.includes(State?.Name ?? "")) add(Tags, LaunchTime);
    }
  }
  return [...oldest].map(([name, since]) => ({ name, since }));
}
