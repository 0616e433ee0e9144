import { Page } from "../routing/Page";

/** For whoever has built the page. */
export function NotConfigured({ mistakes }: { readonly mistakes: readonly string[] }) {
  return (
    <main>
      <Page title="This page is not set up yet">
        <ul>
          {mistakes.map((mistake) => (
            <li key={mistake}>{mistake}</li>
          ))}
        </ul>
        <p>
          Put the variables into <code>.env.local</code>, as in <code>.env.example</code>, or into
          the environment of the build, and build again.
        </p>
      </Page>
    </main>
  );
}
