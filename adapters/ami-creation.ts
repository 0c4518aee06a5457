import { DescribeImagesCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

/** When an AMI was made; undefined of one that this account does not see (any more). */
export async function readAmiCreation(client: EC2Client, ami: AmiId): Promise<string | undefined> {
  // By a filter, because an unknown id would be an error.
  const { Images = [] } = await client.send(
    new DescribeImagesCommand({
      Filters: [{ Name: "image-id", Values: [ami] }],
      IncludeDeprecated: true,
      IncludeDisabled: true,
    }),
  );
  const created = Images[0]?.CreationDate;
  return created === undefined ? undefined : new Date(created).toISOString();
}
