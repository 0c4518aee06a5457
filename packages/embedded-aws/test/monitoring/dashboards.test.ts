import { describe, expect, it } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { ACCOUNT, newEvents } from "../events/new-events.ts";

const body = (...widgets: object[]): string => JSON.stringify({ widgets });
const text = { type: "text", width: 24, height: 2, properties: { markdown: "# Images" } };

describe("a dashboard", () => {
  it("is returned as it was put, in every region, until it is deleted", async () => {
    const { aws, monitoring } = newEvents();
    await monitoring("PutDashboard", { DashboardName: "images", DashboardBody: body(text) });

    const elsewhere = { principal: accountPrincipal(ACCOUNT), region: "us-east-1" };
    const found = await aws.call("monitoring", "GetDashboard", { DashboardName: "images" }, elsewhere);
    const { DashboardEntries } = await monitoring<{ DashboardEntries: object[] }>("ListDashboards", {});
    await monitoring("DeleteDashboards", { DashboardNames: ["images"] });

    expect(found).toMatchObject({
      DashboardArn: "arn:aws:cloudwatch::111122223333:dashboard/images",
      DashboardBody: body(text),
    });
    expect(DashboardEntries).toMatchObject([{ DashboardName: "images", Size: body(text).length }]);
    await expect(monitoring("GetDashboard", { DashboardName: "images" })).rejects.toThrow("does not exist");
  });

  const faults: [string, string, string][] = [
    ["is not JSON", "{", "must be a valid JSON object"],
    ["has no widgets", "{}", "/widgets: expected an array"],
    ["has a widget of no kind", body({ ...text, type: "graph" }), "/widgets/0/type: expected one of metric, text"],
    ["is too wide", body(text, { ...text, width: 25 }), "/widgets/1/width: expected 1 to 24, found 25"],
    ["has a place by half", body({ ...text, x: 3 }), "/widgets/0: x and y must be set together"],
    ["has metrics of no region", body({ type: "metric", properties: { metrics: [] } }), "expected a region"],
  ];

  it.each(faults)("is refused that %s", async (_, DashboardBody, reason) => {
    const { monitoring } = newEvents();

    await expect(monitoring("PutDashboard", { DashboardName: "images", DashboardBody })).rejects.toThrow(reason);
  });

  it("is refused by a name that CloudWatch does not take", async () => {
    const { monitoring } = newEvents();

    await expect(
      monitoring("PutDashboard", { DashboardName: "images of acme", DashboardBody: body(text) }),
    ).rejects.toThrow("contains invalid characters");
  });
});
