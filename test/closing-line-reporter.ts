import type { TestCase, TestModule } from "vitest/node";
import { DefaultReporter } from "vitest/node";

/**
 * The default report, then every skipped test with its reason, then one plain line that says it
 * all: `N passed, N failed, N skipped`. With TSI_REQUIRE_LIVE=1 a skip is a failure: on CI's
 * machine everything is installed, so nothing there has a reason to skip.
 */
export default class ClosingLineReporter extends DefaultReporter {
  override onTestRunEnd(...args: Parameters<DefaultReporter["onTestRunEnd"]>): void {
    super.onTestRunEnd(...args);
    const [modules, errors] = args;
    const tests = modules.flatMap((module: TestModule) => [...module.children.allTests()]);
    const count = (state: string): number =>
      tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    for (const test of skipped) console.log(`SKIP ${test.fullName}: ${reasonOf(test)}`);
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const required = process.env.TSI_REQUIRE_LIVE === "1";
    const failed = count("failed") + broken + errors.length + (required ? skipped.length : 0);
    if (tests.length === 0 || failed > 0) process.exitCode = 1;
    if (tests.length === 0) console.log("no test ran, which is an error");
    console.log(`${count("passed")} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return ("note" in result && result.note) || "no reason given";
}
