import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { requireRepository } from "./find-repository.ts";
import { registryState } from "./state.ts";
import { toRepository } from "./to-repository.ts";

export const operations = {
  /** Repositories by name, or all of a registry. */
  DescribeRepositories: {
    list: "repositories",
    authorize({ registryId, repositoryNames }, call) {
      const names = repositoryNames?.length ? repositoryNames : ["*"];
      return names.map((repositoryName) => onRepository(call, { registryId, repositoryName }));
    },
    run({ registryId, repositoryNames }, call) {
      if (repositoryNames?.length) {
        const named = repositoryNames.map((repositoryName) => requireRepository(call, { registryId, repositoryName }));
        return { repositories: named.map(toRepository) };
      }
      const all = [...call.aws.state(registryState, registryId ?? call.account, call.region).values()];
      return { repositories: all.map(toRepository) };
    },
  },
} satisfies Operations<typeof Sdk>;
