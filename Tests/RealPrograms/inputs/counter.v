// A counter with a parallel load, and a small state machine that watches it.
module counter(input clk, input reset, input load, input [7:0] data, output reg [7:0] count,
               output reg wrapped, output [6:0] segments);
    reg [1:0] state;
    always @(posedge clk) begin
        if (reset) begin
            count <= 0;
            wrapped <= 0;
            state <= 0;
        end else begin
            count <= load ? data : count + 8'd3;
            case (state)
                2'd0: if (count > 8'd200) state <= 2'd1;
                2'd1: if (count < 8'd20) state <= 2'd2;
                2'd2: state <= load ? 2'd3 : 2'd0;
                default: state <= 2'd0;
            endcase
            wrapped <= state == 2'd2;
        end
    end
    display shown(.digit(count[3:0]), .segments(segments));
endmodule

module display(input [3:0] digit, output reg [6:0] segments);
    always @* case (digit)
        4'h0: segments = 7'b0111111;
        4'h1: segments = 7'b0000110;
        4'h2: segments = 7'b1011011;
        4'h3: segments = 7'b1001111;
        4'h4: segments = 7'b1100110;
        4'h5: segments = 7'b1101101;
        4'h6: segments = 7'b1111101;
        4'h7: segments = 7'b0000111;
        4'h8: segments = 7'b1111111;
        4'h9: segments = 7'b1101111;
        default: segments = {digit, 3'b101};
    endcase
endmodule
