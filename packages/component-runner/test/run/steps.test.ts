// @module-tag deep
// @module-tag needs/namespaces
import { describe, expect, test } from "vitest";
import { instanceAws } from "../../src/run/instance-aws.ts";
import { endings, planned, run, steps } from "./a-run.ts";

const FILES = `
- name: Create
  action: CreateFile
  inputs:
    - { path: "/srv/it's/a.txt", content: "one $HOME \`id\`\\n", permissions: "0640", owner: www-data }
    - { path: "/srv/it's/b.txt", content: "two" }
- name: Append
  action: AppendFile
  inputs: [{ path: "/srv/it's/b.txt", content: " three" }]
- name: Copy
  action: CopyFile
  inputs: [{ source: "/srv/it's/*.txt", destination: /srv/copies/ }]
- name: CopyAll
  action: CopyFolder
  inputs: [{ source: /srv/copies, destination: /srv/more }]
- name: Move
  action: MoveFile
  inputs: [{ source: /srv/copies/a.txt, destination: /srv/moved.txt }]
- name: MoveAll
  action: MoveFolder
  inputs: [{ source: /srv/more, destination: /srv/elsewhere }]
- name: Link
  action: CreateSymlink
  inputs: [{ path: /srv/link, target: /srv/moved.txt }]
- name: Mode
  action: SetFilePermissions
  inputs: [{ path: /srv/moved.txt, permissions: "0600" }]
- name: Owner
  action: SetFolderOwner
  inputs: [{ path: /srv/elsewhere, owner: nobody, group: nogroup }]
- name: Read
  action: ReadFile
  inputs: [{ path: /srv/link }]
- name: List
  action: ListFiles
  inputs: [{ path: /srv, recursive: true, fileNamePattern: '.*[.]txt' }]
- name: Folder
  action: CreateFolder
  inputs: [{ path: /srv/empty }]
- name: Remove
  action: DeleteFolder
  inputs: [{ path: /srv/empty }]
- name: RemoveFiles
  action: DeleteFile
  inputs: [{ path: "/srv/it's/*.txt" }]
- name: Show
  action: ExecuteBash
  inputs:
    commands:
      - printf '%s' '{{ build.Read.outputs.content }}'
      - echo '{{ build.List.outputs.files }}'
      - stat -c '%n %a %U:%G' /srv/moved.txt /srv/elsewhere /srv/elsewhere/b.txt
      - cat /srv/elsewhere/b.txt
      - ls -A "/srv/it's"
- name: Binary
  action: ExecuteBinary
  inputs: { path: /bin/echo, arguments: ["a b", "'c'"] }
- name: There
  action: Assert
  inputs: { and: [{ fileExists: /srv/moved.txt }, { not: { folderExists: /srv/empty } }, { binaryExists: curl }] }
- name: NotThere
  action: DeleteFile
  onFailure: Ignore
  inputs: [{ path: /srv/none }]
- name: NotEmpty
  action: DeleteFolder
  onFailure: Ignore
  inputs: [{ path: /srv/elsewhere }]
`;

describe("Steps in a real system", () => {
  test("work on files by every action module", async () => {
    const ran = await run([planned("files.yaml", steps("build", FILES.trim()))]);

    expect(endings(ran)).toMatchObject({
      "build.There": "success",
      "build.NotThere": expect.stringContaining("The file '/srv/none' does not exist"),
      "build.NotEmpty": expect.stringMatching(/exit status|not empty/),
    });
    expect(ran.output).toContain("one $HOME `id`");
    expect(ran.output).toContain("/srv/moved.txt 600 root:root");
    expect(ran.output).toContain("/srv/elsewhere/b.txt 666 nobody:nogroup");
    expect(ran.output).toContain("two three");
    expect(ran.output).toContain("a b 'c'");
  });

  test("are ended at their time with all they started, and cannot wait for input", async () => {
    const text = `
- name: AsksForInput
  action: ExecuteBash
  inputs: { commands: ["read -r answer; echo \\"answer: '$answer'\\""] }
- name: NeverEnds
  action: ExecuteBash
  timeoutSeconds: 1
  onFailure: Continue
  inputs: { commands: ["sleep 3456 & setsid sleep 3456 & sleep 3456"] }
- name: NothingIsLeft
  action: ExecuteBash
  onFailure: Continue
  inputs: { commands: ["! pgrep -f 'sleep 345[6]'"] }
- name: Signal
  action: ExecuteBash
  onFailure: Continue
  inputs: { commands: ["kill -SEGV $$"] }
- name: ManyLines
  action: ExecuteBash
  inputs: { commands: ["yes | head -c 300000000"] }
- name: GoesDown
  action: ExecuteBash
  inputs: { commands: ["systemctl poweroff; sleep 60"] }`;

    const ran = await run([planned("bad.yaml", steps("build", text.trim()))]);

    expect(endings(ran)).toEqual({
      "build.AsksForInput": "success",
      "build.NeverEnds": "The step did not end within 1 seconds.",
      "build.NothingIsLeft": "success",
      "build.Signal": "ended by signal 11 (exit status 139)",
      "build.ManyLines": "success",
      "build.GoesDown": expect.stringContaining("The system went down during the step"),
    });
    expect(ran.output.length).toBeLessThan(1_000_000);
  });

  test("restart the system by 194 and by Reboot, a bounded number of times", async () => {
    const text = `
- name: Once
  action: ExecuteBash
  inputs: { commands: ["[ -e /var/lib/once ] && exit 0; touch /var/lib/once /run/gone; exit 194"] }
- name: Again
  action: Reboot
- name: After
  action: ExecuteBash
  inputs: { commands: ["[ -e /var/lib/once ] && [ ! -e /run/gone ]"] }
- name: Forever
  action: ExecuteBash
  inputs: { commands: ["exit 194"] }`;

    const ran = await run([planned("reboots.yaml", steps("build", text.trim()))]);

    expect(endings(ran)).toMatchObject({
      "build.After": "success",
      "build.Forever": expect.stringContaining("asks for a restart again and again"),
    });
    expect(ran.restarts).toBeLessThanOrEqual(13);
  });

  test("execute a component's document by its ARN, which the instance's role has to be allowed to read", async () => {
    const arn = "arn:aws:imagebuilder:eu-west-1:111122223333:component/inner/1.0.0/1";
    const aws = {
      ...instanceAws(() => Promise.reject(new Error("not asked"))),
      async getComponent(asked: string) {
        if (asked === arn)
          return steps("build", '- { name: Inner, action: ExecuteBash, inputs: { commands: ["echo inner"] } }');
        throw Object.assign(new Error("not authorized to perform: imagebuilder:GetComponent"), {
          name: "AccessDeniedException",
        });
      },
    };
    const text = `
- { name: Nested, action: ExecuteDocument, inputs: { document: "${arn}" } }
- { name: Refused, action: ExecuteDocument, inputs: { document: "${arn.replace("inner", "other")}" } }`;

    const ran = await run([planned("outer.yaml", steps("build", text.trim()))], {}, aws);

    expect(ran.output).toContain("inner");
    expect(endings(ran)).toMatchObject({
      "build.Nested": "success",
      "build.Refused": `The document '${arn.replace("inner", "other")}' could not be read: AccessDeniedException: not authorized to perform: imagebuilder:GetComponent`,
    });
  });

  test("of a test document that failed end the tests, unless the run keeps going", async () => {
    const failing = planned(
      "first.yaml",
      steps("test", '- { name: Fails, action: ExecuteBash, inputs: { commands: ["false"] } }'),
    );
    const next = planned(
      "next.yaml",
      steps("test", '- { name: Runs, action: ExecuteBash, inputs: { commands: ["true"] } }'),
    );
    const phases = ["test"];

    const stopped = await run([failing, next], { phases });
    const kept = await run([failing, next], { phases, keepGoing: true });

    expect(stopped.documents.map(({ status }) => status)).toEqual(["failed", "not-run"]);
    expect(kept.documents.map(({ status }) => status)).toEqual(["failed", "success"]);
  });

  test("are skipped where they need a kernel, which makes the document incomplete", async () => {
    const text = `
- name: Network
  action: ExecuteBash
  inputs: { commands: ["sysctl -w net.ipv4.conf.all.log_martians=1"] }
- name: Kernel
  action: ExecuteBash
  inputs: { commands: ["sysctl -w kernel.randomize_va_space=0"] }`;

    const { documents } = await run([planned("kernel.yaml", steps("build", text.trim()))]);

    expect(documents[0]?.status).toBe("incomplete");
    expect(documents[0]?.steps.map(({ fidelity }) => fidelity)).toEqual(["real", "skipped"]);
  });

  test("report what AWS refuses to the instance's role, and keep secrets out of what is shown", async () => {
    const refuses = () =>
      Promise.reject(Object.assign(new Error("not authorized to perform: s3:PutObject"), { name: "AccessDenied" }));
    const aws = {
      ...instanceAws(() => Promise.reject(new Error("not asked"))),
      putObject: refuses,
      readParameter: async () => ({ value: "hunter2", secret: true }),
    };
    const text = `
- name: Secret
  action: ExecuteBash
  inputs: { commands: ["echo the password is '{{ aws:ssm:/app/password }}'"] }
- name: Quiet
  action: ExecuteBash
  disableLogging: true
  inputs: { commands: ["echo quiet"] }
- name: Upload
  action: S3Upload
  inputs: [{ source: /etc/os-release, destination: "s3://bucket/key" }]`;

    const ran = await run([planned("aws.yaml", steps("build", text.trim()))], {}, aws);

    expect(ran.output).toBe("the password is ***");
    expect(endings(ran)["build.Upload"]).toBe(
      "Uploading /etc/os-release to s3://bucket/key failed: AccessDenied: not authorized to perform: s3:PutObject",
    );
  });
});
