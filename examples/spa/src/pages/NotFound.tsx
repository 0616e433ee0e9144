import { Link } from "../routing/Link";
import { Page } from "../routing/Page";

export function NotFound() {
  return (
    <Page title="There is no such page">
      <p>
        The address may be mistyped. <Link to="">Go to the first page</Link>
      </p>
    </Page>
  );
}
