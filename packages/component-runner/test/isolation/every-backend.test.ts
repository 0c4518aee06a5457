// @module-tag deep
import { describe } from "vitest";
import { backends } from "../../src/isolation/backends.ts";
import { testBackend } from "./test-backend.ts";

// A virtual machine takes minutes: virtual-machine.test.ts.
for (const backend of backends.filter(({ ownKernel }) => !ownKernel)) {
  describe(backend.name, { tags: `needs/${backend.name}` }, () => testBackend(backend));
}
