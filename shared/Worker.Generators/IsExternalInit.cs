using System.ComponentModel;

namespace System.Runtime.CompilerServices;

// Records need this type, which netstandard2.0 lacks.
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit;
