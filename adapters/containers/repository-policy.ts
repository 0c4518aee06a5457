import { type ECRClient, GetRepositoryPolicyCommand } from "@aws-sdk/client-ecr";
import type { Repository } from "./repository-images.ts";

/** A repository's policy, as JSON; undefined where it has none, or is not there. */
export async function readRepositoryPolicy(client: ECRClient, repository: Repository): Promise<string | undefined> {
  try {
    const { policyText } = await client.send(new GetRepositoryPolicyCommand({ ...repository }));
    return policyText;
  } catch (error) {
    const isNone =
      error instanceof Error &&
      ["RepositoryPolicyNotFoundException", "RepositoryNotFoundException"].includes(error.name);
    if (isNone) return undefined;
    throw error;
  }
}
