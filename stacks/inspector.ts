import factory from "../factory.config.ts";
import { place } from "./deployment.ts";

// Image Builder's CVE findings come from Inspector. It stays on when the stack goes: others may rely on it by then.
if (factory.enableInspector) {
  new aws.inspector2.Enabler(
    "Inspector",
    { accountIds: [place.account], resourceTypes: ["EC2"] },
    { retainOnDelete: true },
  );
}
