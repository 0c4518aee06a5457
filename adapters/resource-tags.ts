import { CreateTagsCommand, DeleteTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";

/** Tags AMIs and snapshots, by their ids. */
export async function tagResources(
  client: EC2Client,
  resources: readonly string[],
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await client.send(new CreateTagsCommand({ Resources: [...resources], Tags }));
}

export async function untagResources(
  client: EC2Client,
  resources: readonly string[],
  keys: readonly string[],
): Promise<void> {
  await client.send(new DeleteTagsCommand({ Resources: [...resources], Tags: keys.map((Key) => ({ Key })) }));
}
