// @module-tag deep
import { describe } from "vitest";
import { backends } from "../../cli/system/backends.ts";
import { testBackend } from "./test-backend.ts";

const here = await Promise.all(backends.map(async (backend) => ({ backend, missing: await backend.missing() })));

// A virtual machine takes minutes: virtual-machine.test.ts.
for (const { backend, missing } of here.filter(({ backend: { ownKernel } }) => !ownKernel)) {
  const title = missing.length > 0 ? `skipped, missing ${missing.join("; ")}` : backend.isolation;

  describe.skipIf(missing.length > 0)(`${backend.name} (${title})`, () => testBackend(backend));
}
