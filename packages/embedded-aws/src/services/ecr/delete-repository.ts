import type * as Sdk from "@aws-sdk/client-ecr";
import type { Operations } from "../../engine/operation.ts";
import { onRepository } from "./authorization.ts";
import { requireRepository } from "./find-repository.ts";
import { repositoryNotEmpty } from "./refusals.ts";
import { registryState } from "./state.ts";
import { toRepository } from "./to-repository.ts";

export const operations = {
  /** A repository with images goes with `force` only. */
  DeleteRepository: {
    authorize: (input, call) => [onRepository(call, input)],
    run(input, call) {
      const repository = requireRepository(call, input);
      if (repository.images.size > 0 && !input.force) throw repositoryNotEmpty(repository.name, repository.account);
      repository.lifecycle?.stop();
      call.aws.state(registryState, repository.account, repository.region).delete(repository.name);
      return { repository: toRepository(repository) };
    },
  },
} satisfies Operations<typeof Sdk>;
