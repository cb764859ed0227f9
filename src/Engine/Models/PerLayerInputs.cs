using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>Gemma 4's small input for every layer, made from the token and from its embedding: (row, layer, number).</summary>
internal sealed unsafe class PerLayerInputs
{
    private readonly ForwardContext context;
    private readonly MappedMatrix table;
    private readonly Projection projection;
    private readonly Normalisation norm;
    private readonly float* line;
    private readonly int total;

    public PerLayerInputs(ForwardContext context, WeightLoader loader)
    {
        this.context = context;
        Width = context.Shape.PerLayerWidth;
        total = Width * context.Shape.Layers.Length;
        table = loader.Table("per_layer_token_embd.weight", total);
        if (table.Rows < loader.Table("token_embd.weight", context.Shape.Width).Rows) throw new GgufException("per_layer_token_embd.weight", $"has {table.Rows} rows, fewer than there are tokens.");
        projection = new Projection(loader, "per_layer_model_proj", total, context.Shape.Width);
        norm = Normalisation.Required(context, loader, "per_layer_proj_norm", Width);
        Values = context.Reserve(total);
        line = context.Reserve(1 + total / context.MaxRows);
    }

    public int Width { get; }

    public float* Values { get; }

    public float* For(int row, int layer) => Values + (long)row * total + layer * Width;

    public void Prepare(float* embeddings)
    {
        int width = context.Shape.Width;
        context.Product.Input(embeddings, width, context.Rows, width);
        projection.Run(context, Values, total);
        for (int row = 0; row < context.Rows; row++)
        {
            float* values = Values + (long)row * total;
            VectorMath.Scale(values, values, 1f / MathF.Sqrt(width), total);
            norm.Pieces(values, total);
            table.Dequantize(context.Batch.Tokens[row], line);
            VectorMath.AddScaled(values, line, MathF.Sqrt(Width), total);
            VectorMath.Scale(values, values, 1f / MathF.Sqrt(2f), total);
        }
    }
}

/// <summary>How a layer takes in its per-layer input: gate, project, normalise, add; then the layer's output is scaled.</summary>
internal sealed unsafe class PerLayerInput
{
    private readonly ForwardContext context;
    private readonly PerLayerInputs inputs;
    private readonly Projection gate;
    private readonly Projection projection;
    private readonly Normalisation norm;
    private readonly NativeBuffer? scale;
    private readonly int layer;
    private readonly float* gates;
    private readonly float* projected;

    public PerLayerInput(ForwardContext context, WeightLoader loader, int layer, PerLayerInputs inputs)
    {
        (this.context, this.inputs, this.layer) = (context, inputs, layer);
        string prefix = $"blk.{layer}.";
        int width = context.Shape.Width;
        gate = new Projection(loader, prefix + "inp_gate", inputs.Width, width);
        projection = new Projection(loader, prefix + "proj", width, inputs.Width);
        norm = Normalisation.Required(context, loader, prefix + "post_norm", width);
        scale = loader.OptionalVector(prefix + "layer_output_scale.weight", 1);
        gates = context.Reserve(inputs.Width);
        projected = context.Reserve(width);
    }

    public void Run(float* residual)
    {
        int width = context.Shape.Width, size = inputs.Width;
        context.Product.Input(residual, width, context.Rows, width);
        gate.Run(context, gates, size);
        VectorMath.Gelu(gates, context.Rows * size);
        for (int row = 0; row < context.Rows; row++) VectorMath.Multiply(gates + (long)row * size, inputs.For(row, layer), size);
        context.Product.Input(gates, size, context.Rows, size);
        projection.Run(context, projected, width);
        norm.Run(projected, projected);
        VectorMath.Add(residual, projected, context.Rows * width);
        if (scale is not null) VectorMath.Scale(residual, residual, scale.Floats[0], context.Rows * width);
    }
}
