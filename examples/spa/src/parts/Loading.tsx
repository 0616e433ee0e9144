export function Loading() {
  return (
    <p role="status" className="quiet">
      Loading...
    </p>
  );
}
